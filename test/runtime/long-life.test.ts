/** What lives long keeps nothing of what is over: a server, a channel and a caller's signal, after calls of every kind and end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it } from "vitest";
import { connect, memoryStore, RpcError, serve, type Channel, type Context, type MemoryTransaction } from "../../runtime/index.js";
import { failStopSession } from "../../runtime/generated.js";
import { descriptor, methods, Refused, type Errand, type Item, type Report } from "../simulation/sim-service.js";

const folder = mkdtempSync(join(tmpdir(), "rpcgen-long-life-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROUNDS = 5;
const CALLS = 2_000;
/** Of a call that is over, with its answer. What keeps one keeps some hundred bytes. */
const MOST_BYTES_PER_CALL = 64;

const collect = collector();

function collector(): () => void {
  const { Bun: bun } = globalThis as { readonly Bun?: { gc(wait: boolean): void } };
  if (bun !== undefined) return () => bun.gc(true);
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

async function run({ op, fails, handlerMs }: Errand, ctx: Context): Promise<Report> {
  const { tx } = ctx as { readonly tx?: MemoryTransaction };
  await tx?.put("latest", new Uint8Array([op & 255]));
  if (handlerMs > 0) await new Promise((resolve) => setTimeout(resolve, handlerMs));
  if (fails === "declared") throw new Refused({ run: op });
  if (fails === "exception") throw new Error("as it was told");
  return { op, run: op, principal: "", pad: "" };
}

async function* items({ op, items: count }: Errand): AsyncGenerator<Item> {
  for (let n = 1; n <= count; n += 1) yield { op, n };
}

async function upload(requests: AsyncIterable<Item>): Promise<Report> {
  let op = 0;
  for await (const item of requests) op = item.op;
  return { op, run: op, principal: "", pad: "" };
}

const handlers = { read: run, put: run, add: run, place: run, step: run, list: items, follow: items, upload, chat: (requests: AsyncIterable<Item>) => requests };

function errand(op: number): Errand {
  const fails = op % 7 === 0 ? "declared" : op % 11 === 0 ? "exception" : "not";
  return { op, handlerMs: op % 13 === 0 ? 2 : 0, fails, replyBytes: 0, depth: 0, items: 3 };
}

/** One call of a kind that its number decides: answered, failed, cancelled or left in the middle. */
async function call(channel: Channel, op: number, signal: AbortSignal): Promise<void> {
  const leaving = new AbortController();
  if (op % 13 === 0) setTimeout(() => leaving.abort(), 1);
  const options = { signal: op % 13 === 0 ? leaving.signal : signal, timeoutMs: op % 17 === 0 ? 1 : 10_000 };
  const requests = items(errand(op));
  try {
    if (op % 9 === 0) await failStopSession(channel).unary(methods.step, { ...errand(op), fails: "not", handlerMs: 0 }, { timeoutMs: 10_000 });
    else if (op % 9 === 1) for await (const _ of channel.serverStream(methods.list, errand(op), options)) if (op % 2 === 0) break;
    if (op % 9 === 2) await channel.clientStream(methods.upload, requests, options);
    else if (op % 9 === 3) for await (const _ of channel.duplex(methods.chat, requests, options)) if (op % 2 === 0) break;
    if (op % 9 > 3) await channel.unary([methods.read, methods.put, methods.add, methods.place][op % 4] ?? methods.read, errand(op), options);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    // A question that stays open is kept for a minute.
    await error.settle();
  }
}

async function round(address: string, channel: Channel, signal: AbortSignal, number: number): Promise<void> {
  for (let op = 1; op <= CALLS; op += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => call(channel, number * CALLS + op + index, signal)));
  }
  for (let client = 0; client < 20; client += 1) {
    const other = await connect(address);
    await other.unary(methods.read, { ...errand(1), fails: "not" });
    await other.close();
  }
}

/** What is left when all that can be collected is. */
async function heapBytes(): Promise<number> {
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
  }
  return process.memoryUsage().heapUsed;
}

/** A new one for each call, as large as a token's claims may be. */
const authenticate = (): object => ({ id: "caller", claims: Array.from({ length: 1_000 }, (_, n) => n) });

describe.each([
  ["inproc", {}],
  ["inproc", { authenticate }],
  ["unix", {}],
  ["tcp", {}],
])("over %s, with %o", (scheme, options) => {
  it("the heap is as it was, however many calls there were", async () => {
    const listen = { inproc: "inproc:long-life", unix: `unix:${join(folder, "s.sock")}`, tcp: "tcp://127.0.0.1:0" }[scheme] ?? "";
    const server = await serve({ listen, services: [{ descriptor, handlers }], store: memoryStore(), limits: { maxSessionsPerConnection: 100 }, onError: () => {}, ...options });
    const [address = ""] = server.addresses;
    const channel = await connect(address);
    const { signal } = new AbortController();
    for (let warm = 0; warm < 4; warm += 1) await round(address, channel, signal, warm);
    const before = await heapBytes();
    for (let number = 0; number < ROUNDS; number += 1) await round(address, channel, signal, 4 + number);
    const after = await heapBytes();
    await channel.close();
    await server.close();
    expect((after - before) / (ROUNDS * CALLS)).toBeLessThan(MOST_BYTES_PER_CALL);
  });
});
