/** A clock that is set, forward or back, while a server runs or between two: no record goes before its time for that. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { guards } from "../../runtime/idempotency/guards.js";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { newIdempotencyKey } from "../../runtime/rpc/client/idempotency-key.js";
import { systemClock } from "../../runtime/rpc/clock.js";
import type { ExactlyOnceContext } from "../../runtime/rpc/handler-contexts.js";
import { openServer } from "../../runtime/rpc/server/server.js";
import { type KeyValueTransaction, openLogStore } from "../../runtime/store/log/index.js";
import { memoryTransport } from "../runtime/memory-transport.js";
import { methods } from "../runtime/test-service.js";

const DAY_MS = 86_400_000;
const RETENTION_MS = 3_600_000;
const place = { ...methods.once, name: "place", path: "clock.Shop/place", semantics: "exactlyOnce" } as const;

let folder = "";
let stepMs = 0;
const realNow = Date.now;
const right = (): number => realNow.call(Date);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "rpcgen-clock-"));
  stepMs = 0;
  vi.spyOn(Date, "now").mockImplementation(() => right() + stepMs);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A server over the store that is in the folder, one call under the key, a step of the clock, and a collection. */
async function callAndCollect(key: string, thenStepMs: number): Promise<{ readonly answer: unknown; readonly gone: number }> {
  const store = await openLogStore(folder, { retentionMs: RETENTION_MS });
  const transport = memoryTransport();
  const handlers = {
    async place(_request: unknown, ctx: unknown): Promise<number> {
      const { tx } = ctx as ExactlyOnceContext<KeyValueTransaction>;
      const count = ((await tx.get("count"))?.[0] ?? 0) + 1;
      await tx.put("count", Uint8Array.of(count));
      return count;
    },
  };
  const services = [{ descriptor: { name: "clock.Shop", fingerprint: "", methods: { place } }, handlers }];
  const server = await openServer([transport], { listen: "memory:shop", services }, guards(store));
  // The caller's clock is right: by it the key's age is told.
  const channel = await openChannel("memory:shop", [transport], { clock: { ...systemClock, wall: () => right() } });
  const answer: unknown = await channel.unary(place, 1, { idempotencyKey: key });
  stepMs += thenStepMs;
  const gone = await store.collect(store.now());
  await channel.close();
  await server.close({ graceMs: 0 });
  await store.close();
  return { answer, gone };
}

test.each([
  ["forward while the server runs", 2 * DAY_MS, 0],
  ["forward between two servers", 0, 2 * DAY_MS],
  ["back between two servers, and forward in the second", -2 * DAY_MS, 0],
])("a clock that is set %s", async (_name, within, between) => {
  const key = newIdempotencyKey(right());
  expect(await callAndCollect(key, within)).toEqual({ answer: 1, gone: 0 });
  stepMs += between;
  expect(await callAndCollect(key, 3 * DAY_MS)).toEqual({ answer: 1, gone: 0 });
});

test("a log store's time goes on as time does, and starts again where it was", async () => {
  let elapsed = 0;
  vi.spyOn(performance, "now").mockImplementation(() => elapsed);
  const first = await openLogStore(folder, { retentionMs: RETENTION_MS });
  const began = first.now();
  elapsed += 500;
  stepMs -= DAY_MS;
  expect(first.now()).toBe(began + 500);
  await first.acknowledge("ann", "0".repeat(32), 5);
  elapsed += 500;
  await first.close();
  stepMs += 5 * DAY_MS;
  const second = await openLogStore(folder, { retentionMs: RETENTION_MS });
  expect(second.now()).toBe(began + 500);
  elapsed += RETENTION_MS;
  expect(second.now()).toBe(began + 500 + RETENTION_MS);
  await second.close();
});
