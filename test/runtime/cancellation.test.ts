import { describe, expect, it } from "vitest";
import type { Context } from "../../runtime/rpc/context.js";
import type { RpcError } from "../../runtime/rpc/errors.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { failureOf, methods, pair } from "./test-service.js";

/** A handler that never answers and tells what aborts it. */
function hanging(): {
  handler: (request: unknown, ctx: Context) => Promise<never>;
  started: Promise<Context>;
  aborted: Promise<RpcError>;
} {
  const started = deferred<Context>();
  const aborted = deferred<RpcError>();
  return {
    handler: (_request, ctx) => {
      started.resolve(ctx);
      ctx.signal.addEventListener("abort", () => aborted.resolve(ctx.signal.reason as RpcError));
      return new Promise<never>(() => {});
    },
    started: started.promise,
    aborted: aborted.promise,
  };
}

describe("cancellation", () => {
  it("reaches the handler, and leaves the caller with executed unknown", async () => {
    const { handler, started, aborted } = hanging();
    await using it = await pair({ handlers: { once: handler } });
    const controller = new AbortController();
    const call = failureOf(it.channel.unary(methods.once, {}, { signal: controller.signal }));
    await started;
    controller.abort(new Error("never mind"));
    expect(await call).toMatchObject({ code: "CANCELLED", executed: "unknown", cause: { message: "never mind" } });
    expect(await aborted).toMatchObject({ code: "CANCELLED" });
  });

  it("sends nothing when the signal is aborted before", async () => {
    await using it = await pair();
    expect(await failureOf(it.channel.unary(methods.once, {}, { signal: AbortSignal.abort() }))).toMatchObject({
      code: "CANCELLED",
      executed: "no",
      attempts: 0,
    });
  });

  it("takes AbortSignal.timeout for a deadline", async () => {
    const { handler } = hanging();
    await using it = await pair({ handlers: { once: handler } });
    expect(await failureOf(it.channel.unary(methods.once, {}, { signal: AbortSignal.timeout(5) }))).toMatchObject({
      code: "DEADLINE_EXCEEDED",
    });
  });

  it("is taken for whatever reason it is given, for every call of the signal", async () => {
    const { handler } = hanging();
    await using it = await pair({ handlers: { once: handler } });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    class Hostile extends Error {
      override get name(): string {
        throw new Error("no name");
      }
    }
    for (const reason of [revoked.proxy, new Hostile(), null, "text", 0, Symbol("odd"), undefined]) {
      const controller = new AbortController();
      const calls = [1, 2].map((n) => failureOf(it.channel.unary(methods.once, n, { signal: controller.signal, timeoutMs: 1_000 })));
      controller.abort(reason);
      for (const failure of await Promise.all(calls)) expect(failure.code).toBe("CANCELLED");
      expect((await failureOf(it.channel.unary(methods.once, 3, { signal: controller.signal }))).code).toBe("CANCELLED");
    }
  });

  it("lets go of what a handler comes back with when its reader has left", async () => {
    const opened = deferred();
    const ready = deferred();
    const closed = deferred<string>();
    const cursor = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: { n: 1 } }),
        return: () => {
          closed.resolve("closed");
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    await using it = await pair({
      handlers: {
        count: (async () => {
          opened.resolve();
          await ready.promise;
          return cursor;
        }) as never,
      },
    });
    const stream = it.channel.serverStream(methods.count, { to: 1 });
    void stream.next().catch(() => {});
    await opened.promise;
    await stream.return?.();
    await settle();
    ready.resolve();
    expect(await Promise.race([closed.promise, settle().then(() => "left open")])).toBe("closed");
  });

  it("never aborts the signal of a handler that has answered", async () => {
    let context: Context | undefined;
    const it = await pair({
      handlers: {
        echo: (request, ctx) => {
          context = ctx;
          expect(ctx.signal.aborted).toBe(false);
          return request;
        },
      },
    });
    await it.channel.unary(methods.echo, 1);
    await it[Symbol.asyncDispose]();
    expect(context?.signal.aborted).toBe(false);
  });

  it("stops the producer when the reader leaves the loop: return() runs and the signal aborts", async () => {
    const events: string[] = [];
    const done = deferred<void>();
    await using it = await pair({
      handlers: {
        async *follow(_request, ctx) {
          ctx.signal.addEventListener("abort", () => events.push("aborted"));
          try {
            for (let n = 0; ; n += 1) {
              yield n;
              await new Promise((resolve) => setImmediate(resolve));
            }
          } finally {
            events.push("returned");
            done.resolve();
          }
        },
      },
    });
    for await (const n of it.channel.serverStream(methods.follow, {})) if (n === 3) break;
    await done.promise;
    expect(events.toSorted()).toEqual(["aborted", "returned"]);
  });

  it("ends a stream at once when its signal aborts, whatever waits to be read", async () => {
    await using it = await pair();
    const controller = new AbortController();
    const stream = it.channel.serverStream(methods.count, { to: 100_000 }, { signal: controller.signal });
    await stream.next();
    await settle();
    controller.abort();
    expect(await failureOf(stream.next())).toMatchObject({ code: "CANCELLED" });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("tells a handler whose caller's connection broke", async () => {
    const { handler, started, aborted } = hanging();
    await using it = await pair({ handlers: { put: handler } });
    const call = failureOf(it.channel.unary({ ...methods.put, attempts: 1 }, {}));
    await started;
    it.transport.connections[0]?.client.abort();
    expect(await call).toMatchObject({ code: "UNKNOWN", reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    expect(await aborted).toMatchObject({ code: "CANCELLED" });
  });

  it("makes further requests stop when the handler leaves its loop, while the answer still comes", async () => {
    const returned = deferred<void>();
    await using it = await pair({
      handlers: {
        async sum(requests) {
          for await (const request of requests) if (request === 2) break;
          await returned.promise;
          return "two were enough";
        },
      },
    });
    async function* numbers(): AsyncGenerator<number> {
      try {
        for (let n = 0; ; n += 1) {
          yield n;
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        returned.resolve();
      }
    }
    expect(await it.channel.clientStream(methods.sum, numbers())).toBe("two were enough");
  });

  it("ends every call when the channel closes, and refuses new ones", async () => {
    const { handler, started } = hanging();
    await using it = await pair({ handlers: { once: handler } });
    const call = failureOf(it.channel.unary(methods.once, {}));
    const stream = it.channel.serverStream(methods.count, { to: 3 });
    await started;
    await it.channel.close();
    expect(await call).toMatchObject({ code: "CANCELLED", executed: "unknown" });
    expect(await failureOf(it.channel.unary(methods.once, {}))).toMatchObject({ code: "CANCELLED", executed: "no" });
    expect(await failureOf(stream.next())).toMatchObject({ code: "CANCELLED", executed: "no" });
  });
});

describe("deadlines", () => {
  it("end a call on both sides, and it counts as unknown once the handler has begun", async () => {
    const { handler, started, aborted } = hanging();
    const clock = new ManualClock();
    await using it = await pair({ handlers: { once: handler }, client: { clock }, server: { clock } });
    const call = failureOf(it.channel.unary(methods.once, {}, { timeoutMs: 200 }));
    const context = await started;
    expect(context.deadline).toEqual(new Date(clock.wall() + 200));
    await clock.pass(250);
    expect(await call).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "unknown" });
    expect(await aborted).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  it.each([
    ["the default of 10 s", {}, "once" as const, undefined, 10_000],
    ["the channel's default", { timeoutMs: 3_000 }, "once" as const, undefined, 3_000],
    ["@deadline over the channel's default", { timeoutMs: 3_000 }, "quick" as const, undefined, 50],
    ["the call's own over everything", { timeoutMs: 3_000 }, "quick" as const, 700, 700],
    ["no more than the server's clamp", {}, "put" as const, Infinity, 60_000],
  ])("gives the handler %s", async (_name, client, method, timeoutMs, expected) => {
    const clock = new ManualClock();
    const seen = deferred<number>();
    const handler = (_request: unknown, ctx: Context): number => {
      seen.resolve((ctx.deadline?.getTime() ?? NaN) - clock.wall());
      return 0;
    };
    await using it = await pair({
      handlers: { once: handler, put: handler, quick: handler },
      client: { ...client, clock },
      server: { clock },
    });
    await it.channel.unary(methods[method], {}, { timeoutMs });
    expect(await seen.promise).toBe(expected);
  });

  it("do not exist for streams that ask for none", async () => {
    const clock = new ManualClock();
    let deadline: Date | undefined = new Date();
    await using it = await pair({
      handlers: {
        async *follow(_request, ctx) {
          deadline = ctx.deadline;
          yield 1;
        },
      },
      client: { clock },
      server: { clock },
    });
    await it.channel.serverStream(methods.follow, {}).next();
    expect(deadline).toBeUndefined();
  });

  it("are refused when they are no number, and fail at once when they are nothing", async () => {
    await using it = await pair();
    expect(await failureOf(it.channel.unary(methods.echo, 1, { timeoutMs: NaN }))).toMatchObject({
      code: "INVALID_ARGUMENT",
      executed: "no",
    });
    expect(await failureOf(it.channel.unary(methods.echo, 1, { timeoutMs: -1 }))).toMatchObject({
      code: "INVALID_ARGUMENT",
      executed: "no",
    });
    expect(await failureOf(it.channel.unary(methods.echo, 1, { timeoutMs: 0 }))).toMatchObject({
      code: "DEADLINE_EXCEEDED",
      executed: "no",
    });
  });

  it("drop work that has expired while it waited for its turn", async () => {
    const clock = new ManualClock();
    let ran = 0;
    const release = deferred<void>();
    await using it = await pair({
      handlers: {
        once: async () => {
          ran += 1;
          await release.promise;
        },
      },
      client: { clock },
      server: { clock, limits: { maxRunning: 1 } },
    });
    const first = it.channel.unary(methods.once, 1);
    await settle();
    const late = failureOf(it.channel.unary(methods.once, 2, { timeoutMs: 100 }));
    await clock.pass(200);
    release.resolve();
    await first;
    expect((await late).code).toBe("DEADLINE_EXCEEDED");
    await clock.pass(200);
    expect(ran).toBe(1);
  });
});
