import { describe, expect, it } from "vitest";
import { Kind } from "../../runtime/rpc/protocol/frame.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import type { MemoryLink } from "./memory-transport.js";
import { collect, failureOf, methods, pair } from "./test-service.js";

const TEXT = "x".repeat(1000);
const WINDOW = 64 << 10;
const CONNECTION_WINDOW = 1 << 20;

function itemBytes(link: MemoryLink | undefined): number {
  return (link?.sent ?? []).filter((frame) => frame[0] === Kind.ITEM).reduce((sum, frame) => sum + frame.length, 0);
}

describe("flow control", () => {
  it("stops a producer whose reader does not read, and lets it go on when it does", async () => {
    let produced = 0;
    await using it = await pair({
      handlers: {
        async *follow() {
          for (; produced < 2000; produced += 1) yield TEXT;
        },
      },
    });
    const stream = it.channel.serverStream(methods.follow, {});
    await stream.next();
    await settle(200);
    expect(produced).toBeGreaterThan(10);
    expect(itemBytes(it.transport.connections[0]?.server)).toBeLessThan(WINDOW + 2 * TEXT.length);
    expect(await collect(stream)).toHaveLength(1999);
  });

  it("lets a producer go on before its reader has read all that is there, so that neither waits for the other's way", async () => {
    let produced = 0;
    await using it = await pair({
      handlers: {
        async *follow() {
          for (; produced < 2000; produced += 1) yield TEXT;
        },
      },
    });
    const stream = it.channel.serverStream(methods.follow, {});
    await stream.next();
    await settle(200);
    const stopped = produced;
    for (let read = 1; read < 0.7 * stopped; read += 1) await stream.next();
    await settle(200);
    expect(produced).toBeGreaterThan(1.4 * stopped);
    await stream.return?.();
  });

  it("leaves nothing that a process would have to wait for once all is taken", async () => {
    const clock = new ManualClock();
    const handlers = {
      async *follow() {
        for (let item = 0; item < 200; item += 1) yield TEXT;
      },
    };
    await using it = await pair({ handlers, client: { clock }, server: { clock } });
    const stream = it.channel.serverStream(methods.follow, {});
    await stream.next();
    await settle(200);
    expect(clock.holdsProcess, "somebody who does not read is not waited for without end").toBe(true);
    expect(await collect(stream)).toHaveLength(199);
    await settle();
    expect(clock.holdsProcess).toBe(false);
  });

  it("takes back the credit of elements that cannot be read: streams that fail so starve no others", async () => {
    const illegible = { ...methods.follow, response: { ...methods.follow.response, decode: () => expect.fail("illegible") } };
    const handlers = {
      async *follow(request: unknown) {
        for (let item = 0; item < 100; item += 1) yield request === "long" ? "x".repeat(60_000) : TEXT;
      },
    };
    await using it = await pair({ handlers });
    // More than what the connection may carry unread.
    for (let stream = 0; stream < 40; stream += 1) expect(await failureOf(it.channel.serverStream(illegible, "long").next())).toMatchObject({ executed: "yes" });
    expect(await collect(it.channel.serverStream(methods.follow, "short", { timeoutMs: 5_000 }))).toHaveLength(100);
  });

  it("answers each that waits for an element when the stream fails: the first by the failure, the others by the end", async () => {
    const handlers = {
      async *follow() {
        yield 1;
        await new Promise(() => {});
      },
    };
    await using it = await pair({ handlers });
    const stream = it.channel.serverStream(methods.follow, {});
    await stream.next();
    const waiting = [stream.next(), stream.next(), stream.next()];
    const failure = failureOf(waiting[0] ?? expect.fail());
    await settle();
    it.transport.connections[0]?.client.abort();
    expect(await failure).toMatchObject({ reason: "OUTCOME_UNKNOWN" });
    expect(await Promise.all(waiting.slice(1))).toEqual([{ done: true, value: undefined }, { done: true, value: undefined }]);
  });

  it("stops a client that sends more than the handler reads", async () => {
    const read = deferred();
    let produced = 0;
    await using it = await pair({
      handlers: {
        async sum(requests) {
          await read.promise;
          let count = 0;
          for await (const _ of requests) count += 1;
          return count;
        },
      },
    });
    function* items(): Generator<string> {
      for (; produced < 1000; produced += 1) yield TEXT;
    }
    const answer = it.channel.clientStream(methods.sum, items());
    await settle(200);
    expect(produced).toBeLessThan(100);
    expect(itemBytes(it.transport.connections[0]?.client)).toBeLessThan(WINDOW + 2 * TEXT.length);
    read.resolve();
    expect(await answer).toBe(1000);
  });

  it("bounds a flood of empty elements too", async () => {
    await using it = await pair({
      handlers: {
        async *follow() {
          for (;;) yield undefined;
        },
      },
    });
    const stream = it.channel.serverStream(methods.follow, {});
    await stream.next();
    await settle(200);
    const { server } = it.transport.connections[0] ?? expect.fail();
    expect(server.sent.length).toBeLessThan(1200);
    await stream.return?.();
  });

  it("passes an element larger than the whole window, alone", async () => {
    const large = "y".repeat(3 * WINDOW);
    await using it = await pair({
      handlers: {
        async *follow() {
          yield large;
          yield large;
        },
      },
    });
    const stream = it.channel.serverStream(methods.follow, {});
    expect((await stream.next()).value).toBe(large);
    expect(await collect(stream)).toEqual([large]);
  });

  // Of long elements a stream holds its window and one more, which passed with the last of its credit.
  it.each([TEXT.length, WINDOW - 1_000])("keeps fifty streams that nobody reads from starving one that is read, with elements of %i bytes", async (bytes) => {
    const long = "x".repeat(bytes);
    await using it = await pair({
      handlers: {
        async *follow() {
          for (;;) yield long;
        },
      },
    });
    const idle = Array.from({ length: 50 }, () => it.channel.serverStream(methods.follow, {}));
    for (const stream of idle) await stream.next();
    await settle(500);
    expect(itemBytes(it.transport.connections[0]?.server)).toBeLessThan(Math.max(4 * CONNECTION_WINDOW, 50 * 3 * WINDOW));
    const items = await collect(it.channel.serverStream(methods.count, { to: 1000, text: TEXT }, { timeoutMs: 20_000 }));
    expect(items).toHaveLength(1000);
    for (const stream of idle) await stream.return?.();
  });

  it("grants no more to many streams with large windows than there are credits", async () => {
    await using it = await pair({
      handlers: {
        async *follow(_, ctx) {
          yield TEXT;
          await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
        },
      },
      client: { limits: { streamWindowBytes: 64 << 20 } },
    });
    const streams = Array.from({ length: 40 }, () => it.channel.serverStream(methods.follow, {}));
    for (const stream of streams) expect(await stream.next()).toEqual({ done: false, value: TEXT });
    expect(await it.channel.unary(methods.echo, "there")).toBe("there");
    expect(it.transport.connections).toHaveLength(1);
    for (const stream of streams) await stream.return?.();
  });

  it("ends a stream whose reader takes nothing for the stall limit, and frees the producer", async () => {
    const clock = new ManualClock();
    const returned = deferred();
    await using it = await pair({
      handlers: {
        async *follow() {
          try {
            for (;;) yield TEXT;
          } finally {
            returned.resolve();
          }
        },
      },
      server: { clock, limits: { keepaliveMs: 0 } },
    });
    const stream = it.channel.serverStream(methods.follow, {});
    await stream.next();
    await settle(200);
    await clock.pass(61_000);
    await returned.promise;
    const failure = await failureOf(collect(stream));
    expect(failure).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  it("leaves a quiet stream alone, however long it is quiet", async () => {
    const clock = new ManualClock();
    const go = deferred();
    await using it = await pair({
      handlers: {
        async *follow() {
          await go.promise;
          yield "at last";
        },
      },
      client: { clock },
      server: { clock },
    });
    const items = collect(it.channel.serverStream(methods.follow, {}));
    await clock.pass(3_600_000);
    go.resolve();
    expect(await items).toEqual(["at last"]);
  });

  it("reads no further requests from a peer that does not take its answers", async () => {
    let ran = 0;
    const answer = "z".repeat(20_000);
    await using it = await pair({
      handlers: {
        once: () => {
          ran += 1;
          return answer;
        },
      },
      server: { limits: { maxBufferedBytes: 100_000 } },
    });
    const { client, server } = it.transport.connections[0] ?? expect.fail();
    client.pause();
    const calls = Array.from({ length: 500 }, (_, n) => it.channel.unary(methods.once, n));
    await settle(100);
    expect(server.paused).toBe(true);
    expect(ran).toBeLessThan(20);
    client.resume();
    expect(await Promise.all(calls)).toHaveLength(500);
  });
});
