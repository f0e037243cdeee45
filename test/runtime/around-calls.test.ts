import { describe, expect, it } from "vitest";
import type { ClientInterceptor, ServerInterceptor } from "../../runtime/rpc/interceptor.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { collect, failureOf, methods, OutOfStock, pair } from "./test-service.js";

describe("interceptors", () => {
  it.each([undefined, null, 7, {}])("that give %o for a stream are told what it takes", async (given) => {
    await using it = await pair({ client: { interceptors: [async () => given] } });
    const call = it.channel.serverStream(methods.count, { to: 1 }).next();
    await expect(call).rejects.toThrow(/^an interceptor gives (undefined|null|7|an object) for a stream: give an async iterable, such as what `next` resolves to$/);
  });

  it("stand around the call like the skins of an onion, the first outermost, on both sides", async () => {
    const events: string[] = [];
    const client =
      (name: string): ClientInterceptor =>
      async (call, next) => {
        events.push(`> ${name} ${call.method.name}`);
        const answer = await next(call);
        events.push(`< ${name} ${String(answer)}`);
        return answer;
      };
    const server =
      (name: string): ServerInterceptor =>
      async (call, next) => {
        events.push(`> ${name} ${String(call.request)}`);
        const answer = await next(call);
        events.push(`< ${name}`);
        return answer;
      };
    await using it = await pair({
      client: { interceptors: [client("c1"), client("c2")] },
      server: { interceptors: [server("s1"), server("s2")] },
      handlers: { echo: (request) => (events.push("handler"), request) },
    });
    await it.channel.unary(methods.echo, "x");
    expect(events).toEqual([
      "> c1 echo",
      "> c2 echo",
      "> s1 x",
      "> s2 x",
      "handler",
      "< s2",
      "< s1",
      "< c2 x",
      "< c1 x",
    ]);
  });

  it("may change what passes, and stand around streams", async () => {
    const doubled: ClientInterceptor = async (call, next) => {
      const answer = await next({ ...call, options: { ...call.options, headers: { "x-added": "1" } } });
      if (call.method.kind !== "serverStream") return answer;
      return (async function* () {
        for await (const item of answer as AsyncIterable<{ n: number }>) yield { n: item.n * 2 };
      })();
    };
    let added: string | undefined;
    const noted: ServerInterceptor = async (call, next) => {
      added = call.context.headers["x-added"];
      return next(call);
    };
    await using it = await pair({ client: { interceptors: [doubled] }, server: { interceptors: [noted] } });
    expect(await collect(it.channel.serverStream(methods.count, { to: 2 }))).toEqual([{ n: 2 }, { n: 4 }]);
    expect(added).toBe("1");
    expect(await it.channel.clientStream(methods.sum, [1, 2])).toBe(3);
  });

  it("see the call once, around all its attempts, and its typed failure", async () => {
    let seen = 0;
    let ran = 0;
    const counting: ClientInterceptor = async (call, next) => {
      seen += 1;
      try {
        return await next(call);
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfStock);
        throw error;
      }
    };
    await using it = await pair({
      client: {
        interceptors: [counting],
        random: { fraction: () => 0, bytes: (length) => new Uint8Array(length).fill(7) },
      },
      handlers: {
        put: () => {
          ran += 1;
          throw ran < 2 ? new RpcError({ code: "UNAVAILABLE" }) : new OutOfStock({ sku: "a" });
        },
      },
    });
    expect(await failureOf(it.channel.unary(methods.put, 1))).toMatchObject({ sku: "a", attempts: 2 });
    expect([seen, ran]).toEqual([1, 2]);
  });

  it("stop the producer when the loop is left, and refuse on the server with what they throw", async () => {
    await using it = await pair({
      client: { interceptors: [async (call, next) => next(call)] },
      server: {
        interceptors: [
          async (call, next) => {
            if (call.request === "no") throw new RpcError({ code: "PERMISSION_DENIED", message: "not you" });
            return next(call);
          },
        ],
      },
    });
    for await (const { n } of it.channel.serverStream(methods.count, { to: 1_000_000 })) if (n === 2) break;
    expect(await failureOf(it.channel.unary(methods.once, "no"))).toMatchObject({
      code: "PERMISSION_DENIED",
      message: "not you",
    });
  });
});

describe("headers", () => {
  it("reach the handler under lower-case keys, whatever they are called", async () => {
    let headers: Readonly<Record<string, string | undefined>> = {};
    await using it = await pair({ handlers: { echo: (_request, ctx) => void (headers = ctx.headers) } });
    await it.channel.unary(methods.echo, 1, { headers: { "X-Tenant": "Bücher GmbH", constructor: "c" } });
    expect(Object.entries(headers)).toEqual([
      ["x-tenant", "Bücher GmbH"],
      ["constructor", "c"],
    ]);
    await it.channel.unary(methods.echo, 1, { headers: { a: "1" } });
    expect(Object.entries(headers)).toEqual([["a", "1"]]);
  });

  it.each([
    ["a line break in a value", { a: "1\r\nb: 2" }],
    ["a key of other characters", { "a b": "1" }],
    ["an underscored prototype", { __proto__x: "1" }],
    ["a reserved key", { "rpc-attempt": "1" }],
    ["too many", Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, ""]))],
    ["too large", { a: "x".repeat(17_000) }],
  ])("are refused before they are sent: %s", async (_name, headers) => {
    await using it = await pair();
    expect(await failureOf(it.channel.unary(methods.echo, 1, { headers }))).toMatchObject({
      code: "INVALID_ARGUMENT",
      executed: "no",
      attempts: 0,
    });
  });
});

class Discreet {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  is(name: string): boolean {
    return name === this.#name;
  }
}

describe("authentication", () => {
  it("makes the principal before the handler runs", async () => {
    await using it = await pair({
      server: { authenticate: async (headers, peer) => ({ user: headers["authorization"], via: peer.transport }) },
      handlers: { echo: (_request, ctx) => ctx.principal },
    });
    expect(await it.channel.unary(methods.echo, 1, { headers: { authorization: "ann" } })).toEqual({
      user: "ann",
      via: "memory",
    });
  });

  it.each(["once", "put", "count"] as const)("that ends beyond the deadline begins nothing, even if the process was stopped: %s", async (name) => {
    const clock = new ManualClock();
    const known = deferred();
    let ran = 0;
    await using it = await pair({
      server: { clock, authenticate: () => known.promise },
      handlers: {
        once: () => (ran += 1),
        put: () => (ran += 1),
        count: async function* () {
          yield (ran += 1);
        },
      },
    });
    const options = { timeoutMs: 20_000 };
    const call = name === "count" ? collect(it.channel.serverStream(methods.count, { to: 1 }, options)) : it.channel.unary(methods[name], 1, options);
    const failure = failureOf(call);
    await settle();
    clock.jump(30_000);
    known.resolve();
    expect(await failure).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "no" });
    expect(ran).toBe(0);
  });

  it.each<[string, () => unknown]>([
    ["a function", () => () => "ann"],
    ["a Map", () => new Map([["user", "ann"]])],
    ["something that keeps its name to itself", () => new Discreet("ann")],
    ["a Set within data", () => ({ roles: new Set(["admin"]) })],
    ["half of a character", () => "ann\ud800"],
    ["a zero byte", () => ({ id: "ann\0" })],
    ["a number that is none", () => ({ id: Number("ann") })],
    ["something that holds itself", () => {
      const user: Record<string, unknown> = { user: "ann" };
      return Object.assign(user, { user });
    }],
  ])("refuses a guarded call of %s, which nobody could know again, and tells the operator why", async (_what, authenticate) => {
    let ran = 0;
    await using it = await pair({ server: { authenticate }, handlers: { once: () => (ran += 1), echo: () => "free" } });
    const failure = await failureOf(it.channel.unary(methods.once, 1));
    expect(failure).toMatchObject({ code: "UNAUTHENTICATED", executed: "no", attempts: 1 });
    expect(it.faults.map(String)).toEqual([expect.stringContaining("give a text, or an object with an `id` that is text or a number")]);
    // Of a call without records, nobody needs to know.
    expect(await it.channel.unary(methods.echo, 1)).toBe("free");
    expect(ran).toBe(0);
  });

  it("refuses with UNAUTHENTICATED, not executed, and says no more than it must", async () => {
    let ran = 0;
    await using it = await pair({
      server: {
        authenticate: (headers) => {
          if (headers["authorization"] === "known")
            throw new RpcError({ code: "PERMISSION_DENIED", message: "not here" });
          throw new Error("key 4711 expired");
        },
      },
      handlers: {
        once: () => (ran += 1),
        follow: async function* () {
          yield (ran += 1);
        },
      },
    });
    const failure = await failureOf(it.channel.unary(methods.once, 1));
    expect(failure).toMatchObject({ code: "UNAUTHENTICATED", executed: "no" });
    expect(failure.message).not.toContain("4711");
    expect(await failureOf(it.channel.unary(methods.once, 1, { headers: { authorization: "known" } }))).toMatchObject({
      code: "PERMISSION_DENIED",
      executed: "no",
    });
    expect(await failureOf(collect(it.channel.serverStream(methods.follow, 1)))).toMatchObject({
      code: "UNAUTHENTICATED",
      executed: "no",
    });
    expect(ran).toBe(0);
  });
});
