/** An attempt that takes longer than nearly all others is given up for another: where that does no harm, and is paid for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Latencies } from "../../runtime/rpc/client/latencies.js";
import { RetryBuffer } from "../../runtime/rpc/client/retry-buffer.js";
import type { Context } from "../../runtime/rpc/context.js";
import { deferred, ManualClock, settle, type Deferred } from "./manual-clock.js";
import { failureOf, methods, pair, type Pair } from "./test-service.js";

interface Run extends Deferred<unknown> {
  readonly ctx: Context;
}

/** A channel that has seen 1,000 quick answers of `put`, and from then on a server whose runs are answered by the test. */
async function seasoned(): Promise<Pair & { readonly clock: ManualClock; readonly runs: Run[] }> {
  const clock = new ManualClock();
  const runs: Run[] = [];
  let quick = true;
  const handler = (request: unknown, ctx: Context): unknown => {
    if (quick) return request;
    const run = { ...deferred<unknown>(), ctx };
    runs.push(run);
    return run.promise;
  };
  const it = await pair({ handlers: { put: handler, once: handler }, client: { clock }, server: { clock } });
  for (let call = 0; call < 10; call += 1) {
    await Promise.all(Array.from({ length: 100 }, () => it.channel.unary(methods.put, call)));
    await Promise.all(Array.from({ length: 100 }, () => it.channel.unary(methods.once, call)));
  }
  quick = false;
  return { ...it, clock, runs, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
}

describe("an attempt that takes too long", () => {
  it("is given up for another after what 999 of 1,000 do not take, and 100 ms at least", async () => {
    await using it = await seasoned();
    const call = it.channel.unary(methods.put, 1);
    await it.clock.pass(99);
    expect(it.runs).toHaveLength(1);
    await it.clock.pass(60);
    expect(it.runs.map(({ ctx }) => ctx.attempt)).toEqual([1, 2]);
    expect(it.runs[0]?.ctx.signal.aborted).toBe(true);
    it.runs[1]?.resolve("second");
    expect(await call).toBe("second");
  });

  it("is the last one at three, and waited for until the deadline", async () => {
    await using it = await seasoned();
    const call = failureOf(it.channel.unary(methods.put, 1, { timeoutMs: 2_000 }));
    await it.clock.pass(1_900);
    expect(it.runs).toHaveLength(3);
    await it.clock.pass(200);
    expect(await call).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "unknown", attempts: 3 });
  });

  it("is waited for where nothing is left to pay another with", async () => {
    await using it = await seasoned();
    const calls = Array.from({ length: 30 }, () => it.channel.unary(methods.put, 1));
    await it.clock.pass(5_000);
    expect(it.runs).toHaveLength(30 + 10);
    for (const run of it.runs) run.resolve("late");
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["late"]));
  });

  it("ends by the deadline of its call where nothing is left to pay another with", async () => {
    await using it = await seasoned();
    // A server that says nothing, not even that the time is over.
    it.transport.connections[0]?.server.pause();
    const failures = Array.from({ length: 30 }, () => failureOf(it.channel.unary(methods.put, 1, { timeoutMs: 5_000 })));
    await it.clock.pass(6_000);
    for (const failure of await Promise.all(failures)) expect(failure).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "unknown" });
  });

  it("is never given up when it is guarded, nor when nobody knows yet how long it takes", async () => {
    await using it = await seasoned();
    const guarded = it.channel.unary(methods.once, 1);
    const young = it.channel.unary({ ...methods.put }, 1);
    await it.clock.pass(5_000);
    expect(it.runs).toHaveLength(2);
    for (const run of it.runs) run.resolve("late");
    expect(await Promise.all([guarded, young])).toEqual(["late", "late"]);
  });

  it("is not given up below a retry", async () => {
    await using it = await seasoned();
    class Client {
      readonly caller: Pair["channel"];
      constructor(caller: Pair["channel"]) {
        this.caller = caller;
      }
    }
    const attempts: number[] = [];
    await using outer = await pair({
      handlers: {
        put: async (_request, ctx) => {
          attempts.push(ctx.attempt);
          if (ctx.attempt === 1) outer.transport.connections[0]?.server.abort();
          else await ctx.client(Client as new (caller: unknown) => Client, it.channel).caller.unary(methods.put, 1);
        },
      },
    });
    const call = outer.channel.unary(methods.put, 1);
    while (it.runs.length === 0) await settle();
    await it.clock.pass(3_000);
    expect(it.runs).toHaveLength(1);
    it.runs[0]?.resolve("done");
    await call;
    expect(attempts).toEqual([1, 2]);
  });
});

describe("latencies", () => {
  it("read off a time that one attempt in a thousand exceeds, an eighth too long at most", () => {
    const times = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1_000, maxLength: 1_200 });
    fc.assert(
      fc.property(times, (samples) => {
        const latencies = new Latencies();
        for (const ms of samples) latencies.add(ms);
        // It is read off every 256 calls: by those that had come by then.
        const seen = samples.slice(0, 1_000).toSorted((a, b) => a - b);
        const exact = Math.max(100, seen[998] ?? 0);
        expect(latencies.giveUpMs).toBeGreaterThanOrEqual(exact * 0.999);
        expect(latencies.giveUpMs).toBeLessThanOrEqual(exact * 1.13);
      }),
      { numRuns: 30 },
    );
  });

  it("give up later and later where everything has become slower, until it comes to an end", () => {
    const latencies = new Latencies();
    for (let n = 0; n < 1_000; n += 1) latencies.add(5);
    let gaveUp = 0;
    for (let n = 0; n < 1_000; n += 1) {
      if (latencies.giveUpMs >= 3_000) latencies.add(3_000);
      else {
        gaveUp += 1;
        latencies.gaveUp(latencies.giveUpMs);
      }
    }
    expect(latencies.giveUpMs).toBeGreaterThan(3_000);
    expect(gaveUp).toBeLessThan(20);
  });
});

describe("the retry buffer", () => {
  it("holds 256 KiB of a call, and 16 MiB in all", () => {
    const buffer = new RetryBuffer();
    expect([buffer.hold((256 << 10) + 1), buffer.bytes]).toEqual([false, 0]);
    for (let call = 0; call < 64; call += 1) expect(buffer.hold(256 << 10)).toBe(true);
    expect(buffer.hold(1)).toBe(false);
    buffer.release(256 << 10);
    expect(buffer.hold(1)).toBe(true);
  });

  it("gives larger requests one attempt, and gets back what it held when calls end", async () => {
    let ran = 0;
    await using it = await pair({
      handlers: {
        put: () => {
          ran += 1;
          it.transport.connections.at(-1)?.server.abort();
        },
      },
    });
    expect(await failureOf(it.channel.unary(methods.put, "x".repeat(300_000)))).toMatchObject({
      reason: "OUTCOME_UNKNOWN",
      attempts: 1,
    });
    expect(ran).toBe(1);
    // 80 of them one after the other are more than it holds at once.
    const rest = { ...methods.echo };
    for (let call = 0; call < 80; call += 1) await it.channel.unary(rest, "x".repeat(250_000));
    expect((await failureOf(it.channel.unary(methods.put, "x".repeat(250_000)))).attempts).toBe(3);
  });
});
