/** A client holds calls back while its server turns most of them away, and sends them again as soon as it does not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Throttle } from "../../runtime/rpc/client/throttle.js";
import type { Context } from "../../runtime/rpc/context.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import type { Random } from "../../runtime/rpc/random.js";
import { failureOf, methods, pair } from "./test-service.js";

/** Equal seeds, equal draws. */
function random(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { fraction, bytes: (length) => new Uint8Array(length).fill(7) };
}

/** A client that makes so many calls a second, and a server that takes so many, over time. */
class Load {
  readonly throttle: Throttle;
  #now = 1_000;
  #room = 0;

  constructor(seed = 1) {
    const clock = { now: () => this.#now, wall: () => this.#now, schedule: () => expect.fail() };
    this.throttle = new Throttle(clock, random(seed));
  }

  /** What share of the calls was sent, and what share was taken. */
  run(perSecond: number, seconds: number, capacity: number, rank = 1): { sent: number; taken: number } {
    let sent = 0;
    let taken = 0;
    const calls = perSecond * seconds;
    for (let call = 0; call < calls; call += 1) {
      this.#now += 1_000 / perSecond;
      // As a queue of 16 has it: what was not used a moment ago is not lost.
      this.#room = Math.min(16, this.#room + capacity / perSecond);
      if (!this.throttle.admits(rank)) continue;
      sent += 1;
      if (this.#room < 1) {
        this.throttle.refused(rank);
        continue;
      }
      this.#room -= 1;
      taken += 1;
      this.throttle.accepted(rank);
    }
    return { sent: sent / calls, taken: taken / calls };
  }
}

describe("the throttle", () => {
  it("is off until something was refused", () => {
    expect(new Load().run(100, 300, 100)).toEqual({ sent: 1, taken: 1 });
  });

  it("sends twice what the server takes, and costs it nothing that it could have done", () => {
    const share = fc.double({ min: 0.05, max: 0.45, noNaN: true });
    fc.assert(
      fc.property(share, fc.nat(), (capacity, seed) => {
        const load = new Load(seed);
        load.run(200, 30, capacity * 200);
        const { sent, taken } = load.run(200, 60, capacity * 200);
        expect(sent).toBeLessThan(Math.max(0.15, 2.7 * capacity));
        expect(taken).toBeGreaterThan(0.8 * capacity);
      }),
      { numRuns: 50 },
    );
  });

  it("lets everything through within seconds of the server's recovery, however long that was down", () => {
    const rate = fc.constantFrom(1, 5, 50, 500);
    const share = fc.constantFrom(0, 0.01, 0.1, 0.5);
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 300 }), rate, share, fc.nat(), (seconds, perSecond, capacity, seed) => {
        const load = new Load(seed);
        load.run(perSecond, 20, perSecond);
        load.run(perSecond, seconds, perSecond * capacity);
        // A client that makes few calls takes longer to be sure, but never holds many of them back.
        load.run(perSecond, perSecond <= 50 ? 12 : 3, Infinity);
        expect(load.run(perSecond, 10, Infinity)).toEqual({ sent: 1, taken: 1 });
      }),
      { numRuns: 40 },
    );
  });

  it("forgets what was taken two minutes ago: a server that has become slow is not sent what it could do before", () => {
    const before = fc.integer({ min: 130, max: 600 });
    fc.assert(
      fc.property(before, fc.nat(), (seconds, seed) => {
        const load = new Load(seed);
        load.run(50, seconds, 40);
        load.run(50, 130, 1);
        expect(load.run(50, 30, 1).sent).toBeLessThan(0.15);
      }),
      { numRuns: 20 },
    );
  });

  it("counts each class apart", () => {
    const load = new Load();
    load.run(100, 30, 5, 3);
    expect(load.run(100, 5, 5, 3).sent).toBeLessThan(0.3);
    expect(load.run(100, 5, Infinity, 0).sent).toBe(1);
  });
});

describe("a channel", () => {
  it("fails what it holds back at once, not sent, and sends again when the server has room", async () => {
    let full = true;
    let arrived = 0;
    const handler = (): string => "in";
    await using it = await pair({
      handlers: { put: handler },
      client: { random: random(3) },
      server: {
        authenticate: () => {
          arrived += 1;
          if (full) throw new RpcError({ code: "RESOURCE_EXHAUSTED", message: "full", retryAfterMs: -1 });
        },
      },
    });
    const failures = [];
    for (let call = 0; call < 200; call += 1) failures.push(await failureOf(it.channel.unary(methods.put, call)));
    expect(failures.every(({ code, executed }) => code === "RESOURCE_EXHAUSTED" && executed === "no")).toBe(true);
    const held = failures.filter(({ attempts }) => attempts === 0);
    expect(held.length).toBe(200 - arrived);
    expect(arrived).toBeLessThan(60);
    expect(held[0]?.message).toContain("not sent");
    full = false;
    let sent = 0;
    const until = performance.now() + 10_000;
    while (sent < 100 && performance.now() < until) {
      const answer = await it.channel.unary(methods.put, 1).catch(() => "held");
      sent = answer === "in" ? sent + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sent).toBe(100);
  });
});

describe("criticality", () => {
  it("travels with the call, is inherited by its child calls, and can be said anew", async () => {
    const seen: string[] = [];
    await using inner = await pair({
      handlers: { echo: (_request: unknown, ctx: Context) => void seen.push(ctx.criticality) },
    });
    class Client {
      readonly caller: typeof inner.channel;
      constructor(caller: typeof inner.channel) {
        this.caller = caller;
      }
    }
    const handler = async (_request: unknown, ctx: Context): Promise<void> => {
      const { caller } = ctx.client(Client as new (caller: unknown) => Client, inner.channel);
      await caller.unary(methods.echo, 1);
      await caller.unary(methods.echo, 1, { criticality: "critical" });
    };
    await using outer = await pair({ handlers: { put: handler } });
    await outer.channel.unary(methods.put, 1);
    await outer.channel.unary(methods.put, 1, { criticality: "sheddable" });
    await outer.channel.unary(methods.put, 1, { criticality: "deferrable" });
    expect(seen).toEqual(["normal", "critical", "sheddable", "critical", "deferrable", "critical"]);
    const failure = await failureOf(outer.channel.unary(methods.put, 1, { criticality: "urgent" as never }));
    expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
    expect(failure.message).toContain("critical, normal, deferrable, sheddable");
  });

  it("decides who gives way when the queue is full: refused in time, not executed", async () => {
    const running: (() => void)[] = [];
    await using it = await pair({
      handlers: { put: () => new Promise<void>((resolve) => running.push(resolve)) },
      server: { limits: { maxRunning: 1, maxQueued: 2 } },
    });
    const once = { ...methods.put, attempts: 1 };
    const call = (criticality?: "critical" | "sheddable" | "deferrable"): Promise<unknown> => it.channel.unary(once, 1, { criticality });
    const first = call();
    const shed = failureOf(call("sheddable"));
    const kept = call("deferrable");
    const normal = call();
    expect(await shed).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no", retryAfterMs: 100 });
    expect(await failureOf(call("sheddable"))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
    const calls = [first, normal, kept];
    for (let n = 0; n < calls.length; n += 1) {
      while (running.length === n) await new Promise((resolve) => setImmediate(resolve));
      running[n]?.();
      await calls[n];
    }
  });
});
