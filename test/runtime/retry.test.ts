import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "../../runtime/rpc/client/reconnect.js";
import { RetryBudget } from "../../runtime/rpc/client/retry-budget.js";
import { retryDelayMs } from "../../runtime/rpc/client/retry.js";
import { REASON_CODES } from "../../runtime/rpc/codes.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { Kind } from "../../runtime/rpc/protocol/frame.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { collect, failureOf, methods, OutOfStock, pair, type Pair, type PairOptions } from "./test-service.js";

/** A pair on a clock of its own, and calls that are driven to their end. */
async function timed(
  options: PairOptions,
): Promise<Pair & { clock: ManualClock; drive<T>(promise: Promise<T>): Promise<T> }> {
  const clock = new ManualClock();
  const it = await pair({ ...options, client: { ...options.client, clock } });
  const drive = async <T>(promise: Promise<T>): Promise<T> => {
    let over = false;
    const done = (): void => void (over = true);
    promise.then(done, done);
    for (let step = 0; step < 200 && !over; step += 1) await clock.pass(100);
    return promise;
  };
  return { ...it, clock, drive, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
}

function unavailable(more: { retryAfterMs?: number } = {}): RpcError {
  return new RpcError({ code: "UNAVAILABLE", message: "not now", ...more });
}

describe("retries by promise", () => {
  it.each(["echo", "put"] as const)(
    "sends %s again, with the same call id and the next attempt number",
    async (name) => {
      const seen: [string, number][] = [];
      const handler = (_request: unknown, ctx: { callId: string; attempt: number }): string => {
        seen.push([ctx.callId, ctx.attempt]);
        if (seen.length < 3) throw unavailable();
        return "done";
      };
      await using it = await timed({ handlers: { echo: handler, put: handler } });
      expect(await it.drive(it.channel.unary(methods[name], 1))).toBe("done");
      expect(seen.map(([, attempt]) => attempt)).toEqual([1, 2, 3]);
      expect(new Set(seen.map(([id]) => id)).size).toBe(1);
    },
  );

  it("stops at three attempts, or what @retry says", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: {
        put: () => {
          ran += 1;
          throw unavailable();
        },
      },
    });
    expect(await it.drive(failureOf(it.channel.unary(methods.put, 1)))).toMatchObject({
      code: "UNAVAILABLE",
      executed: "yes",
      attempts: 3,
    });
    expect(ran).toBe(3);
    await it.drive(failureOf(it.channel.unary({ ...methods.put, attempts: 5 }, 1)));
    expect(ran).toBe(8);
  });

  it("never sends an @atMostOnce call twice, whatever it fails with", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: {
        once: () => {
          ran += 1;
          throw unavailable();
        },
      },
    });
    expect(await it.drive(failureOf(it.channel.unary(methods.once, 1)))).toMatchObject({
      code: "UNAVAILABLE",
      executed: "yes",
      attempts: 1,
    });
    expect(ran).toBe(1);
  });

  it("tries a lost connection again for what may run twice", async () => {
    let ran = 0;
    let cut: () => void = () => {};
    await using it = await timed({
      handlers: {
        put: () => {
          ran += 1;
          if (ran > 1) return "done";
          cut();
          return new Promise(() => {});
        },
      },
    });
    cut = () => it.transport.connections[0]?.server.abort();
    expect(await it.drive(it.channel.unary(methods.put, 1))).toBe("done");
    expect(ran).toBe(2);
  });

  it("lets executed be the worst of all attempts", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: {
        put: () => {
          ran += 1;
          it.transport.connections.at(-1)?.server.abort();
          it.transport.broken = true;
        },
      },
    });
    const failure = await it.drive(failureOf(it.channel.unary(methods.put, 1)));
    expect(failure).toMatchObject({ code: "UNAVAILABLE", executed: "unknown" });
    expect(ran).toBe(1);
  });

  it("does not repeat what would fail the same way", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: {
        put: () => {
          ran += 1;
          throw new RpcError({ code: "NOT_FOUND" });
        },
      },
    });
    await it.drive(failureOf(it.channel.unary(methods.put, 1)));
    expect(ran).toBe(1);
  });

  it("retries a stream only while nothing of it was delivered", async () => {
    let ran = 0;
    const failAfter = { items: 0 };
    await using it = await timed({
      handlers: {
        async *count({ to }) {
          ran += 1;
          for (let n = 1; n <= to; n += 1) {
            if (ran === 1 && n > failAfter.items) throw unavailable();
            yield { n };
          }
        },
      },
    });
    expect(await it.drive(collect(it.channel.serverStream(methods.count, { to: 2 })))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(ran).toBe(2);
    ran = 0;
    failAfter.items = 1;
    expect(await it.drive(failureOf(collect(it.channel.serverStream(methods.count, { to: 2 }))))).toMatchObject({
      code: "UNAVAILABLE",
    });
    expect(ran).toBe(1);
  });

  it("obeys the server's pushback, and a refusal to be asked again", async () => {
    const times: number[] = [];
    let pushback = 700;
    await using it = await timed({
      handlers: {
        put: () => {
          times.push(it.clock.now());
          throw unavailable({ retryAfterMs: pushback });
        },
      },
    });
    await it.drive(failureOf(it.channel.unary(methods.put, 1)));
    expect(times).toHaveLength(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(700);
    times.length = 0;
    pushback = 0;
    await it.drive(failureOf(it.channel.unary(methods.put, 1)));
    expect(times, "no need to wait is no wish not to be asked").toHaveLength(3);
    times.length = 0;
    pushback = -1;
    await it.drive(failureOf(it.channel.unary(methods.put, 1)));
    expect(times).toHaveLength(1);
  });

  it("waits no longer than its own pace and five seconds, whatever the server says: callers must not hang on a wrong unit", async () => {
    const times: number[] = [];
    await using it = await timed({
      handlers: {
        put: () => {
          times.push(it.clock.now());
          throw unavailable({ retryAfterMs: 3_600_000 });
        },
      },
    });
    await it.drive(failureOf(it.channel.unary(methods.put, 1, { timeoutMs: Infinity })));
    expect(times).toHaveLength(3);
    for (const at of [1, 2]) {
      const waitedMs = (times[at] ?? 0) - (times[at - 1] ?? 0);
      expect(waitedMs).toBeGreaterThanOrEqual(5_000);
      expect(waitedMs).toBeLessThan(7_100);
    }
  });

  it("does not begin a wait that ends behind the deadline", async () => {
    await using it = await timed({
      handlers: {
        put: () => {
          throw unavailable({ retryAfterMs: 1_000 });
        },
      },
    });
    const before = it.clock.now();
    const call = failureOf(it.channel.unary(methods.put, 1, { timeoutMs: 500 }));
    await settle();
    expect(await call).toMatchObject({ code: "UNAVAILABLE", attempts: 1 });
    expect(it.clock.now()).toBe(before);
  });

  it("sheds what the queue cannot hold, not executed, and the client comes back", async () => {
    const release = deferred();
    await using it = await timed({
      handlers: { put: () => release.promise, once: () => release.promise },
      server: { limits: { maxRunning: 1, maxQueued: 1, retryAfterMs: 50 } },
    });
    const first = it.channel.unary(methods.once, 1);
    const second = it.channel.unary(methods.once, 2);
    const shed = it.channel.unary(methods.put, 3);
    expect(await failureOf(it.channel.unary({ ...methods.once, attempts: 1 }, 4))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      executed: "no",
      retryAfterMs: 50,
    });
    release.resolve();
    await Promise.all([first, second]);
    await it.drive(shed);
  });

  it("tries a declared error again where the schema says that it helps, and no other", async () => {
    let ran = 0;
    const { errors } = methods.put;
    const retryable = { ...methods.put, errors: errors.map((error) => ({ ...error, retryable: true as const })) };
    await using it = await timed({
      handlers: {
        put: () => {
          ran += 1;
          if (ran % 3 === 0) return "done";
          throw new OutOfStock({ sku: "tea" });
        },
      },
    });
    expect(await it.drive(it.channel.unary(retryable, 1))).toBe("done");
    expect(await it.drive(failureOf(it.channel.unary(methods.put, 1)))).toBeInstanceOf(OutOfStock);
    expect(ran).toBe(4);
  });

  it("comes back after a second or more when it was turned away without a word", async () => {
    const times: number[] = [];
    await using it = await timed({
      handlers: { put: () => "in" },
      client: { random: { fraction: () => 0.999, bytes: (length) => new Uint8Array(length).fill(5) } },
    });
    const { server } = it.transport.connections[0] ?? expect.fail();
    server.tamper = (frame) => {
      times.push(it.clock.now());
      return times.length > 2 ? frame : Uint8Array.from([Kind.ERROR, frame[1] ?? 0, 8, 0, 0, 0, 0, 0]);
    };
    expect(await it.drive(it.channel.unary(methods.put, 1))).toBe("in");
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan(1_900);
  });

  it("spends the budget in an outage and stops trying", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: {
        put: () => {
          ran += 1;
          throw unavailable();
        },
      },
    });
    for (let call = 0; call < 30; call += 1) await it.drive(failureOf(it.channel.unary(methods.put, call)));
    expect(ran).toBe(30 + 10);
  });
});

describe("figures", () => {
  it("a budget earns a retry with ten first-try successes, and a retry that helps is free", () => {
    const budget = new RetryBudget();
    while (budget.spend());
    for (let call = 0; call < 9; call += 1) budget.succeeded(0);
    expect(budget.spend()).toBe(0);
    budget.succeeded(0);
    const paid = budget.spend();
    expect(paid).toBe(10);
    budget.succeeded(paid);
    expect([budget.spend(true), budget.spend(true), budget.spend(true)]).toEqual([5, 5, 0]);
  });

  it("backoff doubles to its cap under full jitter; reconnecting grows by 1.6 from a second to two minutes", () => {
    const most = { fraction: () => 1, bytes: () => new Uint8Array() };
    const error = unavailable();
    const delays = [0, 1, 5, 9].map((retry) => retryDelayMs(retry, error, { baseMs: 50, capMs: 2_000 }, most));
    expect(delays).toEqual([50, 100, 1600, 2000]);
    const middle = { ...most, fraction: () => 0.5 };
    expect([0, 1, 2, 99].map((failures) => reconnectDelayMs(failures, false, middle))).toEqual([
      0, 1000, 1600, 120_000,
    ]);
    expect(reconnectDelayMs(1, true, most)).toBeLessThanOrEqual(100);
  });

  it("no reason that leaves the outcome open is shown as a code that others retry", () => {
    expect(
      Object.values(REASON_CODES).filter((code) => ["UNAVAILABLE", "ABORTED", "RESOURCE_EXHAUSTED"].includes(code)),
    ).toEqual([]);
  });
});
