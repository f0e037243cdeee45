/** `@hedge`: a late answer is overtaken by a second attempt, at a bearable price. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Latencies } from "../../runtime/rpc/client/latencies.js";
import type { Context } from "../../runtime/rpc/context.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { errorBody, Kind, writeGoaway, writePayload } from "../../runtime/rpc/protocol/frame.js";
import type { ServerContext } from "../../runtime/rpc/server/server-context.js";
import { deferred, ManualClock, settle, type Deferred } from "./manual-clock.js";
import { failureOf, methods, OutOfStock, pair, type Pair } from "./test-service.js";

const hedged = { ...methods.echo, hedge: true as const };

interface Run extends Deferred<unknown> {
  readonly ctx: Context;
}

/** A server whose runs are answered by the test. */
async function slow(): Promise<Pair & { readonly clock: ManualClock; readonly runs: Run[] }> {
  const clock = new ManualClock();
  const runs: Run[] = [];
  const echo = async (_request: unknown, ctx: Context): Promise<unknown> => {
    const run = { ...deferred<unknown>(), ctx };
    runs.push(run);
    const answer = await run.promise;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const it = await pair({ handlers: { echo }, client: { clock }, server: { clock } });
  return { ...it, clock, runs, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
}

/** Of one that did not begin. */
const refusal = errorBody({ code: "PERMISSION_DENIED", executed: "no", reason: undefined, retryAfterMs: undefined, errorName: "", message: "no", details: new Uint8Array() });

describe("a hedged call", () => {
  it("is sent again when it is late, under its id, and the first answer counts", async () => {
    await using it = await slow();
    const call = it.channel.unary(hedged, 1);
    await it.clock.pass(99);
    expect(it.runs).toHaveLength(1);
    await it.clock.pass(2);
    expect(it.runs.map(({ ctx }) => ctx.attempt)).toEqual([1, 2]);
    expect(it.runs[0]?.ctx.callId).toBe(it.runs[1]?.ctx.callId);
    const aborted = deferred();
    it.runs[0]?.ctx.signal.addEventListener("abort", () => aborted.resolve());
    it.runs[1]?.resolve("second");
    expect(await call).toBe("second");
    await aborted.promise;
    await it.clock.pass(1_000);
    expect(it.runs).toHaveLength(2);
  });

  it("leaves the second when the first answers after all", async () => {
    await using it = await slow();
    const call = it.channel.unary(hedged, 1);
    await it.clock.pass(150);
    const aborted = deferred();
    it.runs[1]?.ctx.signal.addEventListener("abort", () => aborted.resolve());
    it.runs[0]?.resolve("first");
    expect(await call).toBe("first");
    await aborted.promise;
  });

  it.each([0, 1])("goes on with the other attempt when attempt %i fails for now, and ends with an error that stays", async (index) => {
    await using it = await slow();
    const first = it.channel.unary(hedged, 1);
    await it.clock.pass(150);
    it.runs[index]?.resolve(new RpcError({ code: "UNAVAILABLE" }));
    await settle();
    it.runs[1 - index]?.resolve("other");
    expect(await first).toBe("other");
    const second = failureOf(it.channel.unary(hedged, 1));
    await it.clock.pass(150);
    it.runs[2 + index]?.resolve(new OutOfStock({ sku: "x" }));
    expect(await second).toBeInstanceOf(OutOfStock);
  });

  it.each([0, 1])("may have run where attempt %i is refused and the other is under way", async (index) => {
    await using it = await slow();
    const call = failureOf(it.channel.unary(hedged, 1));
    await it.clock.pass(150);
    const link = it.transport.connections[0]?.server;
    link?.send(writePayload(new FrameWriter(), Kind.ERROR, index + 1, refusal));
    expect(await call).toMatchObject({ code: "PERMISSION_DENIED", executed: "unknown", attempts: 2 });
  });

  it.each([0, 1])("may have run where attempt %i is lost alone, and the other is refused", async (index) => {
    await using it = await slow();
    const call = failureOf(it.channel.unary(hedged, 1));
    await it.clock.pass(50);
    const [first] = it.transport.connections;
    // The server takes no more calls there, so that the second attempt goes by another connection.
    first?.server.send(writeGoaway(new FrameWriter(), { lastStream: 1, code: "UNAVAILABLE", message: "the server is closing" }));
    await settle();
    const other = it.channel.unary(methods.put, 1);
    await it.clock.pass(100);
    expect(await other).toBe(1);
    expect(it.runs).toHaveLength(2);
    const links = it.transport.connections.map(({ server }) => server);
    const streams = [1, 2];
    links[index]?.abort();
    await settle();
    links[1 - index]?.send(writePayload(new FrameWriter(), Kind.ERROR, streams[1 - index] ?? 0, refusal));
    expect(await call).toMatchObject({ code: "PERMISSION_DENIED", executed: "unknown", attempts: 2 });
  });

  it("is tried again like any other when both are lost with their connection", async () => {
    await using it = await slow();
    const call = it.channel.unary(hedged, 1);
    await it.clock.pass(150);
    it.transport.connections[0]?.client.abort();
    await it.clock.pass(1_000);
    expect(it.runs).toHaveLength(3);
    it.runs[2]?.resolve("third");
    expect(await call).toBe("third");
  });

  it("ends both attempts by its deadline and by its caller", async () => {
    await using it = await slow();
    const call = failureOf(it.channel.unary(hedged, 1, { timeoutMs: 300 }));
    await it.clock.pass(400);
    expect(await call).toMatchObject({ code: "DEADLINE_EXCEEDED", attempts: 2 });
    const controller = new AbortController();
    const left = failureOf(it.channel.unary(hedged, 1, { signal: controller.signal }));
    await it.clock.pass(150);
    controller.abort();
    expect(await left).toMatchObject({ code: "CANCELLED" });
    await settle();
    for (const { ctx } of it.runs) expect(ctx.signal.aborted).toBe(true);
  });

  it("pays from the budget, and earns nothing by running twice", async () => {
    await using it = await slow();
    for (let call = 0; call < 15; call += 1) {
      const answer = it.channel.unary(hedged, call);
      await it.clock.pass(150);
      it.runs.at(-1)?.resolve(call);
      expect(await answer).toBe(call);
    }
    const twice = it.runs.filter(({ ctx }) => ctx.attempt === 2);
    expect(twice).toHaveLength(10);
  });

  it("that leaves when its time is over, since its process was stopped, does not run for long", async () => {
    await using it = await slow();
    const call = failureOf(it.channel.unary(hedged, 1, { timeoutMs: 300 }));
    await settle();
    it.clock.jump(10_000);
    await it.clock.pass(0);
    expect(await call).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    for (const { ctx } of it.runs) expect((ctx as ServerContext).remainingMs()).toBeLessThanOrEqual(1);
  });

  it("leaves nothing that a process would have to wait for once it is answered", async () => {
    await using it = await slow();
    const answer = it.channel.unary(hedged, 1, { timeoutMs: Infinity });
    await settle();
    expect(it.clock.holdsProcess).toBe(true);
    it.runs[0]?.resolve("done");
    expect(await answer).toBe("done");
    await settle();
    expect(it.clock.holdsProcess).toBe(false);
  });

  it("waits for what nineteen of twenty calls do not take, and for 10 ms at least", () => {
    const latencies = new Latencies();
    for (let n = 0; n < 19; n += 1) latencies.add(1);
    expect(latencies.hedgeDelayMs).toBe(100);
    latencies.add(1);
    expect(latencies.hedgeDelayMs).toBe(10);
    for (let n = 1; n <= 144; n += 1) latencies.add(n % 16 === 0 ? 500 : 40);
    // What is read off is at most an eighth too long.
    expect(latencies.hedgeDelayMs).toBeGreaterThanOrEqual(500);
    expect(latencies.hedgeDelayMs).toBeLessThan(563);
  });

  it("reads that off whatever times there were", () => {
    const times = fc.array(fc.integer({ min: 20, max: 60_000 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 25 }), (samples, rounds) => {
        const latencies = new Latencies();
        // Twenty calls over and over; it is read off every sixteen, at the end behind whole rounds.
        for (let call = 0; call < 80 * rounds + 20; call += 1) latencies.add(samples[call % 20] ?? 0);
        const nineteenth = samples.toSorted((a, b) => a - b)[18] ?? 0;
        expect(latencies.hedgeDelayMs).toBeGreaterThanOrEqual(nineteenth);
        expect(latencies.hedgeDelayMs).toBeLessThan(1.13 * nineteenth + 1);
      }),
      { numRuns: 60 },
    );
  });

  it("stays so however many calls there were, and follows calls that become quicker", () => {
    const latencies = new Latencies();
    for (let call = 0; call < 10_000; call += 1) latencies.add(1_000);
    for (let call = 0; call < 5_000; call += 1) latencies.add(20);
    for (let call = 0; call < 10_000; call += 1) {
      // Three of a hundred are slow.
      latencies.add(call % 33 === 0 ? 1_000 : 20);
      expect(latencies.hedgeDelayMs).toBeLessThan(23);
    }
  });
});
