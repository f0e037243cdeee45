/** `observe`: what is told of calls, on both sides, and that it cannot harm them. */
import { expect, it, vi } from "vitest";
import type { CallObserver, Observe, ObservedAttempt, ObservedEnd } from "../../runtime/rpc/observer.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { collect, failureOf, methods, OutOfStock, pair, type PairOptions } from "./test-service.js";

interface Seen {
  readonly method: string;
  readonly attempts: ObservedAttempt[];
  readonly ends: ObservedEnd[];
}

function watcher(): { readonly observe: Observe; readonly calls: Seen[] } {
  const calls: Seen[] = [];
  const observe: Observe = ({ method }) => {
    const seen: Seen = { method: method.name, attempts: [], ends: [] };
    calls.push(seen);
    return { attempt: (attempt) => void seen.attempts.push(attempt), end: (end) => void seen.ends.push(end) };
  };
  return { observe, calls };
}

async function watched(options: PairOptions = {}) {
  const [client, server] = [watcher(), watcher()];
  const it = await pair({ ...options, client: { ...options.client, observe: client.observe }, server: { ...options.server, observe: server.observe } });
  return { it, client: client.calls, server: server.calls };
}

it("tells of a call what both sides know: one beginning, its attempt, its end, the same id", async () => {
  const { it: world, client, server } = await watched();
  await using _ = world;
  await world.channel.unary(methods.echo, "four");
  expect(client).toHaveLength(1);
  expect(server).toHaveLength(1);
  const [{ attempts: [attempt], ends: [end] }, { ends: [served] }] = [client[0]!, server[0]!];
  expect(attempt).toMatchObject({ number: 1, bytes: 6, peer: { transport: "memory" }, instance: world.channel.path.instance });
  expect(end).toMatchObject({ code: "OK", executed: "yes", attempts: 1, sentBytes: 6, receivedBytes: 6, reason: undefined });
  expect(served).toMatchObject({ code: "OK", executed: "yes", attempts: 1, sentBytes: 6, receivedBytes: 6 });
  expect([attempt!.callId, served!.callId]).toEqual([end!.callId, end!.callId]);
  expect(end!.durationMs).toBeGreaterThanOrEqual(served!.durationMs);
});

it("tells of each attempt, and of the end once", async () => {
  let runs = 0;
  const { it: world, client, server } = await watched({ handlers: { put: (request) => {
    if ((runs += 1) < 3) throw new RpcError({ code: "UNAVAILABLE", message: "not yet", retryAfterMs: 1 });
    return request;
  } } });
  await using _ = world;
  for (let n = 0; n < 20; n += 1) await world.channel.unary(methods.echo, n);
  client.length = server.length = 0;
  await world.channel.unary(methods.put, "a");
  expect(client[0]!.attempts.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(client[0]!.ends).toMatchObject([{ code: "OK", attempts: 3, sentBytes: 9 }]);
  expect(server.map(({ ends }) => ends.map(({ code, attempts }) => [code, attempts]))).toEqual([[["UNAVAILABLE", 1]], [["UNAVAILABLE", 2]], [["OK", 3]]]);
});

it.each([
  ["a declared error", () => { throw new OutOfStock({ sku: "a" }); }, "FAILED_PRECONDITION"],
  ["an exception", () => { throw new TypeError("oops"); }, "INTERNAL"],
])("tells of %s how the call ended", async (_name, handler, code) => {
  const { it: world, client, server } = await watched({ handlers: { once: handler } });
  await using _ = world;
  await failureOf(world.channel.unary(methods.once, 1));
  expect(client[0]!.ends).toMatchObject([{ code, executed: "yes" }]);
  expect(server[0]!.ends).toMatchObject([{ code, executed: "yes" }]);
});

it("tells of a call that is left, or never leaves", async () => {
  const { it: world, client, server } = await watched({ handlers: { once: () => new Promise(() => {}) } });
  await using _ = world;
  await failureOf(world.channel.unary(methods.once, 1, { timeoutMs: 30 }));
  await failureOf(world.channel.unary(methods.once, 1, { timeoutMs: 0 }));
  expect(client.map(({ attempts, ends }) => [attempts.length, ends.length, ends[0]?.code, ends[0]?.executed])).toEqual([
    [1, 1, "DEADLINE_EXCEEDED", "unknown"],
    [0, 1, "DEADLINE_EXCEEDED", "no"],
  ]);
  await vi.waitFor(() => expect(server[0]!.ends).toMatchObject([{ executed: "unknown" }]));
});

it("counts the elements of streams, and ends with them", async () => {
  const { it: world, client, server } = await watched();
  await using _ = world;
  expect(await collect(world.channel.serverStream(methods.count, { to: 3 }))).toHaveLength(3);
  expect(await world.channel.clientStream(methods.sum, [1, 2, 3])).toBe(6);
  expect(await collect(world.channel.duplex(methods.chat, ["a", "b"]))).toEqual(["re: a", "re: b"]);
  for await (const _item of world.channel.serverStream(methods.count, { to: 100_000 })) break;
  expect(client.map(({ method, ends }) => [method, ends.length, ends[0]?.code])).toEqual([["count", 1, "OK"], ["sum", 1, "OK"], ["chat", 1, "OK"], ["count", 1, "CANCELLED"]]);
  expect(client.slice(0, 3).map(({ ends }) => [ends[0]?.sentBytes, ends[0]?.receivedBytes])).toEqual([[8, 21], [3, 1], [6, 14]]);
  expect(server.slice(0, 3).map(({ ends }) => [ends[0]?.receivedBytes, ends[0]?.sentBytes])).toEqual([[8, 21], [3, 1], [6, 14]]);
  await vi.waitFor(() => expect(server.map(({ ends }) => ends.length)).toEqual([1, 1, 1, 1]));
});

it("sends its headers along, and nothing that it throws reaches the call", async () => {
  const headers: unknown[] = [];
  const broken = (): never => { throw new Error("an observer that breaks"); };
  const observer: CallObserver = { headers: { traceparent: "00-1", "x-own": "no" }, attempt: broken, end: broken };
  await using world = await pair({
    handlers: { echo: (request, { headers: came }) => (headers.push({ ...came }), request) },
    client: { observe: () => observer },
    server: { observe: broken },
  });
  expect(await world.channel.unary(methods.echo, 1)).toBe(1);
  expect(await world.channel.unary(methods.echo, 1, { headers: { "x-else": "yes" } })).toBe(1);
  expect(headers).toEqual([{ traceparent: "00-1", "x-own": "no" }, { traceparent: "00-1", "x-own": "no", "x-else": "yes" }]);
});
