import { describe, expect, it } from "vitest";
import type { Caller } from "../../runtime/rpc/call-options.js";
import type { Context } from "../../runtime/rpc/context.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { failureOf, methods, pair } from "./test-service.js";

/** What generated clients look like. */
class Client {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  once(request: unknown, options?: { timeoutMs?: number; headers?: Record<string, string> }): Promise<unknown> {
    return this.#caller.unary(methods.once, request, options);
  }

  put(request: unknown): Promise<unknown> {
    return this.#caller.unary(methods.put, request);
  }
}

describe("calls within a call", () => {
  it("get no more time than the parent has left, its trace headers, and nothing else of it", async () => {
    const clock = new ManualClock();
    const seen: { remaining: number; headers: Readonly<Record<string, string | undefined>> }[] = [];
    await using inner = await pair({
      handlers: {
        once: (_request, ctx) => {
          seen.push({ remaining: (ctx.deadline?.getTime() ?? NaN) - clock.wall(), headers: ctx.headers });
        },
      },
      client: { clock },
      server: { clock },
    });
    await using outer = await pair({
      handlers: {
        once: async (_request, ctx) => {
          const client = ctx.client(Client, inner.channel);
          await client.once(1, { timeoutMs: 5_000, headers: { own: "1" } });
          await client.once(1, { timeoutMs: 100 });
        },
      },
      client: { clock },
      server: { clock },
    });
    const headers = { authorization: "secret", traceparent: "00-1-2-01" };
    await outer.channel.unary(methods.once, {}, { timeoutMs: 300, headers });
    expect(seen.map(({ remaining }) => remaining)).toEqual([300, 100]);
    expect(Object.entries(seen[0]?.headers ?? {})).toEqual([
      ["traceparent", "00-1-2-01"],
      ["own", "1"],
    ]);
    expect(Object.entries(seen[1]?.headers ?? {})).toEqual([["traceparent", "00-1-2-01"]]);
  });

  it("are cancelled with the parent", async () => {
    const innerAborted = deferred<void>();
    const innerStarted = deferred<void>();
    await using inner = await pair({
      handlers: {
        once: (_request, ctx) => {
          innerStarted.resolve();
          ctx.signal.addEventListener("abort", () => innerAborted.resolve());
          return new Promise(() => {});
        },
      },
    });
    await using outer = await pair({
      handlers: { once: (_request, ctx) => ctx.client(Client, inner.channel).once(1) },
    });
    const controller = new AbortController();
    const call = failureOf(outer.channel.unary(methods.once, {}, { signal: controller.signal }));
    await innerStarted.promise;
    controller.abort();
    await innerAborted.promise;
    expect(await call).toMatchObject({ code: "CANCELLED" });
  });

  it("have the same ids when the parent runs again, and different ones for each call", async () => {
    const clock = new ManualClock();
    const ids: string[] = [];
    let runs = 0;
    await using inner = await pair({
      handlers: {
        once: (_request, ctx) => void ids.push(ctx.callId),
        put: (_request, ctx) => void ids.push(ctx.callId),
      },
      client: { clock },
      server: { clock },
    });
    await clock.pass(10_000);
    await using outer = await pair({
      handlers: {
        put: async (_request: unknown, ctx: Context) => {
          const client = ctx.client(Client, inner.channel);
          await client.once(1);
          await client.put(2);
          await client.once(3);
          runs += 1;
          if (runs === 1) throw new RpcError({ code: "UNAVAILABLE", message: "once more" });
        },
      },
      client: { clock },
      server: { clock },
    });
    const call = outer.channel.unary(methods.put, {});
    await settle(40);
    await clock.pass(5_000);
    await call;
    // The guarded ones are answered from what is known of them; only the idempotent one runs again.
    expect(ids).toHaveLength(4);
    expect(ids[3]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
  });

  it("do not retry when the parent is a retry itself", async () => {
    const clock = new ManualClock();
    let inside = 0;
    const counts: number[] = [];
    await using inner = await pair({
      handlers: {
        put: () => {
          inside += 1;
          throw new RpcError({ code: "UNAVAILABLE", message: "down" });
        },
      },
      client: { clock },
    });
    await using outer = await pair({
      handlers: {
        put: async (_request, ctx) => {
          const before = inside;
          try {
            await ctx.client(Client, inner.channel).put(1);
          } finally {
            counts.push(inside - before);
          }
        },
      },
      client: { clock },
    });
    const call = failureOf(outer.channel.unary(methods.put, {}));
    for (let step = 0; step < 20; step += 1) await clock.pass(500);
    expect(await call).toMatchObject({ code: "UNAVAILABLE", attempts: 3 });
    expect(counts).toEqual([3, 1, 1]);
  });
});
