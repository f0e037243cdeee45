/** Callers that ask for ever, in no time, or under ever new names: each costs the server no more than it may. */
import { expect, it } from "vitest";
import { guards } from "../../runtime/idempotency/guards.js";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import type { Context } from "../../runtime/rpc/context.js";
import { openServer } from "../../runtime/rpc/server/server.js";
import { ManualClock, settle } from "./manual-clock.js";
import { memoryTransport } from "./memory-transport.js";
import { descriptor, failureOf, methods, pair } from "./test-service.js";

it("a deadline of years is cut to what the server grants a unary call, and one that is none too", async () => {
  const clock = new ManualClock();
  const left: number[] = [];
  const echo = (request: unknown, ctx: Context): unknown => {
    left.push((ctx.deadline?.getTime() ?? Infinity) - clock.wall());
    return request;
  };
  await using it = await pair({ handlers: { echo }, client: { clock }, server: { clock, limits: { clampMs: 5_000 } } });
  for (const timeoutMs of [1e12, Infinity, 2 ** 32, 1_000]) await it.channel.unary(methods.echo, 1, { timeoutMs });
  expect(left).toEqual([5_000, 5_000, 5_000, 1_000]);
});

it("calls whose time is over before they can begin do not run, and leave nothing behind", async () => {
  const clock = new ManualClock();
  let ran = 0;
  const slow = (): Promise<unknown> => ((ran += 1), new Promise(() => {}));
  await using it = await pair({ handlers: { echo: slow }, client: { clock }, server: { clock, limits: { maxRunning: 1, clampMs: 60_000 } } });
  void it.channel.unary(methods.echo, 0, { timeoutMs: 50_000 }).catch(() => {});
  await settle();
  const flood = Array.from({ length: 900 }, (_, n) => failureOf(it.channel.unary(methods.echo, n, { timeoutMs: 1 })));
  await clock.pass(100);
  for (const failure of await Promise.all(flood)) expect(["DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"]).toContain(failure.code);
  expect(ran).toBe(1);
  expect(clock.pending).toBeLessThanOrEqual(6);
});

it("clients that come once each, and never acknowledge, are bounded together: new ones are refused, others served", async () => {
  const clock = new ManualClock();
  const transport = memoryTransport();
  let ran = 0;
  const handlers = { once: () => (ran += 1), echo: (request: unknown) => request };
  const server = await openServer([transport], { listen: "memory:test", services: [{ descriptor, handlers }], clock, limits: { maxRecordBytes: 100 * 2_048 } }, guards());
  const codes: string[] = [];
  for (let client = 0; client < 150; client += 1) {
    const channel = await openChannel("memory:test", [transport], { clock });
    const call = channel.unary({ ...methods.once, attempts: 1 }, 1).then(() => "OK", (error: { code: string }) => error.code);
    codes.push(await call);
    expect(await channel.unary(methods.echo, client)).toBe(client);
    await channel.close();
  }
  expect(ran).toBeLessThanOrEqual(100);
  expect(ran).toBeGreaterThan(90);
  expect(codes.slice(ran)).toEqual(Array.from({ length: 150 - ran }, () => "RESOURCE_EXHAUSTED"));
  // They are forgotten in the end, and make room.
  await clock.pass(700_000);
  const later = await openChannel("memory:test", [transport], { clock });
  expect(await later.unary(methods.once, 1)).toBe(ran);
  await later.close();
  await server.close({ graceMs: 0 });
});
