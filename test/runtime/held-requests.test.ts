/** What a server holds of requests: bounded in bytes, of a connection and in all, and given back however their calls end. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { memoryStore } from "../../runtime/idempotency/index.js";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { turns } from "../transport/session.js";
import { collect, failureOf, methods, pair, type Handlers } from "./test-service.js";

/** As JSON it is of so many bytes. */
const text = (bytes: number): string => "x".repeat(bytes - 2);

/** Handlers that end when they are told to, one after the other. */
function hanging(): { readonly hang: Handlers["once"]; readonly running: (() => void)[] } {
  const running: (() => void)[] = [];
  return { running, hang: () => new Promise((resolve) => running.push(() => resolve(1))) };
}

it("more of them than a connection may have are refused before they run, and others are not", async () => {
  const { hang, running } = hanging();
  await using both = await pair({ handlers: { once: hang, echo: (value) => value }, server: { limits: { maxConnectionRequestBytes: 10_000, maxRequestBytes: 15_000, retryAfterMs: 7 } } });
  const { channel, transport } = both;
  const first = channel.unary(methods.once, text(9_000));
  while (running.length < 1) await turns();
  expect(await failureOf(channel.unary(methods.once, text(2_000), { timeoutMs: 300 }))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
  expect(await channel.unary(methods.echo, text(1_000))).toHaveLength(998);
  await using other = await openChannel("memory:test", [transport]);
  expect(await other.unary(methods.echo, text(6_000))).toHaveLength(5_998);
  expect(await failureOf(other.unary(methods.once, text(6_001), { timeoutMs: 300 }))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
  running[0]?.();
  expect(await first).toBe(1);
  expect(await other.unary(methods.echo, text(10_000))).toHaveLength(9_998);
});

it("one that is not known who sends it counts, and a stream's elements do not", async () => {
  let known = (): void => {};
  await using both = await pair({
    server: { limits: { maxConnectionRequestBytes: 1_000 }, authenticate: (headers) => headers["slow"] && new Promise<void>((resolve) => (known = resolve)) },
  });
  const { channel } = both;
  const slow = channel.unary(methods.once, text(900), { headers: { slow: "1" } });
  await turns(5);
  expect(await failureOf(channel.unary(methods.once, text(200), { timeoutMs: 300 }))).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  expect(await channel.clientStream(methods.sum, Array.from({ length: 1_000 }, () => 1))).toBe(1_000);
  known();
  await slow;
  expect(await channel.unary(methods.once, text(1_000))).toHaveLength(998);
});

it("that of a stream of responses counts until its handler has come to its end", async () => {
  const returned: string[] = [];
  await using both = await pair({
    server: { limits: { maxConnectionRequestBytes: 1_000 } },
    handlers: {
      async *follow(request) {
        try {
          for (;;) yield 1;
        } finally {
          returned.push(String(request));
        }
      },
    },
  });
  const { channel } = both;
  const stream = channel.serverStream(methods.follow, text(900));
  await stream.next();
  for (const another of [channel.serverStream(methods.follow, text(200), { timeoutMs: 300 }).next(), channel.unary(methods.once, text(200), { timeoutMs: 300 })]) {
    expect(await failureOf(another)).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
  }
  await stream.return?.();
  while (returned.length < 1) await turns();
  const next = channel.serverStream(methods.follow, text(1_000));
  expect(await next.next()).toEqual({ done: false, value: 1 });
  await next.return?.();
});

it("one that is asked for again, and both of its attempts, is given back with its answer", async () => {
  const { hang, running } = hanging();
  await using both = await pair({ handlers: { once: hang }, server: { limits: { maxRequestBytes: 2_000 } } });
  const { channel, transport } = both;
  const call = channel.unary(methods.once, text(900));
  while (running.length < 1) await turns();
  transport.connections[0]?.client.cut();
  while (transport.connections.length < 2) await turns();
  await turns(5);
  running[0]?.();
  expect(await call).toBe(1);
  expect(running).toHaveLength(1);
  expect(await channel.unary(methods.echo, text(2_000))).toHaveLength(1_998);
});

it("nothing of them stays, however calls end", async () => {
  const end = fc.constantFrom("answer", "throw", "cancel", "late", "cut", "unreadable", "unknown caller");
  const call = fc.record({ name: fc.constantFrom("once", "put", "echo", "follow"), end, bytes: fc.integer({ min: 2, max: 400 }), ends: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 12 }), fc.constantFrom(1, 3, 100), async (calls, maxRunning) => {
      const release: (() => void)[] = [];
      const handle = (value: unknown, throws: boolean): Promise<unknown> =>
        new Promise((resolve, reject) => release.push(() => (throws ? reject(new Error("no")) : resolve(value))));
      const handler: Handlers["once"] = (value, { headers }) =>
        headers["end"] === "unreadable" ? Symbol("no bytes") : headers["ends"] === "yes" ? value : handle(value, headers["end"] === "throw");
      await using both = await pair({
        handlers: {
          once: handler,
          put: handler,
          echo: handler,
          async *follow(request, ctx) {
            yield await handler(request, ctx);
          },
        },
        store: memoryStore(),
        server: {
          limits: { maxConnectionRequestBytes: 5_000, maxRequestBytes: 5_000, maxRunning, maxQueued: 4 },
          authenticate: async (headers) => {
            await turns();
            if (headers["end"] === "unknown caller") throw new Error("who?");
          },
        },
      });
      const { channel, transport } = both;
      const made = calls.map(async ({ name, end: how, bytes, ends }) => {
        const leave = new AbortController();
        const headers = { end: how, ends: ends ? "yes" : "no" };
        const own = how === "cut" ? await openChannel("memory:test", [transport]) : channel;
        const options = { headers, signal: leave.signal, timeoutMs: how === "late" ? 5 : 5_000 };
        const asked: Promise<unknown> = name === "follow" ? collect(own.serverStream(methods.follow, text(bytes), options)) : own.unary(methods[name as "once"], text(bytes), options);
        const answer = asked.catch(() => undefined);
        await turns(3);
        if (how === "cancel") leave.abort();
        if (how === "cut") await own.close();
        return answer;
      });
      let over = false;
      void Promise.all(made).then(() => (over = true));
      while (!over || release.length > 0) {
        release.shift()?.();
        await turns();
      }
      await using last = await openChannel("memory:test", [transport]);
      expect(await last.unary(methods.small, 1)).toBe(1);
      expect(await last.unary(methods.quick, text(5_000), { timeoutMs: 5_000, headers: { end: "answer" } })).toHaveLength(4_998);
    }),
    { numRuns: 60 },
  );
});
