import { describe, expect, it } from "vitest";
import { RpcError } from "../../runtime/rpc/errors.js";
import { collect, failureOf, methods, OutOfStock, pair } from "./test-service.js";

describe("calls of every kind", () => {
  it("answers a unary call", async () => {
    await using it = await pair();
    expect(await it.channel.unary(methods.echo, { a: [1, "ä"] })).toEqual({ a: [1, "ä"] });
  });

  it("gives an empty parameter list where params are left out, and undefined where there is no result", async () => {
    await using it = await pair({ handlers: { echo: (request) => (expect(request).toEqual({}), undefined) } });
    expect(await it.channel.unary(methods.echo, undefined)).toBeUndefined();
  });

  it("streams from the server", async () => {
    await using it = await pair();
    expect(await collect(it.channel.serverStream(methods.count, { to: 3 }))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it("streams to the server, from iterables of both sorts", async () => {
    await using it = await pair();
    async function* numbers(): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
    expect(await it.channel.clientStream(methods.sum, numbers())).toBe(3);
    expect(await it.channel.clientStream(methods.sum, [3, 4])).toBe(7);
    expect(await it.channel.clientStream(methods.sum, [])).toBe(0);
  });

  it("streams both ways at once: each answer comes before the next question", async () => {
    await using it = await pair();
    const answers: string[] = [];
    let answered: () => void = () => {};
    async function* questions(): AsyncGenerator<string> {
      for (const question of ["a", "b", "c"]) {
        const reply = new Promise<void>((resolve) => (answered = resolve));
        yield question;
        await reply;
      }
    }
    for await (const answer of it.channel.duplex(methods.chat, questions())) {
      answers.push(answer as string);
      answered();
    }
    expect(answers).toEqual(["re: a", "re: b", "re: c"]);
  });

  it("carries a thousand calls at once over one connection", async () => {
    await using it = await pair({
      handlers: { echo: (request) => new Promise((resolve) => setTimeout(resolve, (request as number) % 7, request)) },
    });
    const numbers = Array.from({ length: 1000 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => it.channel.unary(methods.echo, n)))).toEqual(numbers);
    expect(it.transport.connections).toHaveLength(1);
  });

  it("begins a stream with the first read, and reads it once", async () => {
    let begun = 0;
    await using it = await pair({
      handlers: {
        async *follow() {
          begun += 1;
          yield begun;
        },
      },
    });
    const never = it.channel.serverStream(methods.follow, {});
    await never.return?.();
    const stream = it.channel.serverStream(methods.follow, {});
    expect(begun).toBe(0);
    expect(await collect(stream)).toEqual([1]);
    expect(await collect(stream)).toEqual([]);
  });

  it("lets a handler answer before it has read its requests, and returns what the caller's generator holds", async () => {
    await using it = await pair({ handlers: { sum: () => "enough" } });
    let returned: () => void = () => {};
    const wasReturned = new Promise<void>((resolve) => (returned = resolve));
    async function* endless(): AsyncGenerator<number> {
      try {
        for (;;) yield 1;
      } finally {
        returned();
      }
    }
    expect(await it.channel.clientStream(methods.sum, endless())).toBe("enough");
    await wasReturned;
  });
});

describe("failures", () => {
  it("brings a declared error across with its class and fields", async () => {
    await using it = await pair({
      handlers: {
        once: () => {
          throw new OutOfStock({ sku: "x-1" }, { message: "none left" });
        },
      },
    });
    const error = await failureOf(it.channel.unary(methods.once, {}));
    expect(error).toBeInstanceOf(OutOfStock);
    expect(error).toMatchObject({
      sku: "x-1",
      message: "none left",
      code: "FAILED_PRECONDITION",
      executed: "yes",
      attempts: 1,
    });
    expect(error.callId).toMatch(/^[0-9a-f]{32}\/1$/);
  });

  it("brings an RpcError across by code and message, and relays neither reason nor executed of another call", async () => {
    await using it = await pair({
      handlers: {
        once: () => {
          throw new RpcError({
            code: "NOT_FOUND",
            message: "no such thing",
            executed: "no",
            reason: "OUTCOME_UNKNOWN",
          });
        },
      },
    });
    const error = await failureOf(it.channel.unary(methods.once, {}));
    expect(error).toMatchObject({ code: "NOT_FOUND", message: "no such thing", executed: "yes", reason: undefined });
  });

  it("keeps an unforeseen exception to itself, and tells the operator", async () => {
    const secret = new Error("password is hunter2");
    await using it = await pair({
      handlers: {
        once: async () => {
          throw secret;
        },
      },
    });
    const error = await failureOf(it.channel.unary(methods.once, {}));
    expect(error).toMatchObject({ code: "INTERNAL", executed: "yes" });
    expect(JSON.stringify([error.message, error.cause])).not.toContain("hunter2");
    expect(it.faults).toEqual([secret]);
  });

  it("refuses what does not encode before anything is sent", async () => {
    await using it = await pair();
    const { client } = it.transport.connections[0] ?? expect.fail();
    const before = client.sent.length;
    expect(await failureOf(it.channel.unary(methods.echo, Symbol("x")))).toMatchObject({
      code: "INVALID_ARGUMENT",
      executed: "no",
      attempts: 0,
    });
    const breach = await failureOf(it.channel.unary(methods.small, 10));
    expect(breach).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
    expect(breach.message).toContain("10 is more than @max(9)");
    expect(client.sent.length).toBe(before);
  });

  it("checks constraints and decodes on the server too, before the handler", async () => {
    let ran = 0;
    await using it = await pair({ handlers: { small: () => (ran += 1) } });
    const loose = { ...methods.small, request: { ...methods.small.request, check: () => undefined } };
    expect(await failureOf(it.channel.unary(loose, 10))).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
    const garbage = { ...methods.small, request: { ...methods.small.request, encode: () => new Uint8Array([0xff]) } };
    expect(await failureOf(it.channel.unary(garbage, 1))).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
    expect(ran).toBe(0);
  });

  it("says INTERNAL, executed, when an answer cannot be read or does not fit its type", async () => {
    await using it = await pair({ handlers: { once: (request) => (request === 1 ? Symbol("x") : "fine") } });
    expect(await failureOf(it.channel.unary(methods.once, 1))).toMatchObject({ code: "INTERNAL", executed: "yes" });
    const picky = {
      ...methods.once,
      response: {
        ...methods.once.response,
        decode: () => {
          throw new Error("odd");
        },
      },
    };
    expect(await failureOf(it.channel.unary(picky, 2))).toMatchObject({ code: "INTERNAL", executed: "yes" });
  });

  it("answers UNIMPLEMENTED, not executed, for a method that the server lacks or has as another kind", async () => {
    await using it = await pair();
    const unknown = { ...methods.once, path: "test.Test/nothing" };
    expect(await failureOf(it.channel.unary(unknown, 1))).toMatchObject({ code: "UNIMPLEMENTED", executed: "no" });
    const other = { ...methods.once, path: "test.Test/count" };
    expect(await failureOf(it.channel.unary(other, 1))).toMatchObject({ code: "UNIMPLEMENTED", executed: "no" });
  });

  it("throws a stream's error behind the elements before it", async () => {
    await using it = await pair({
      handlers: {
        async *follow() {
          yield 1;
          yield 2;
          throw new OutOfStock({ sku: "s" });
        },
      },
    });
    const seen: unknown[] = [];
    const failure = await failureOf(
      (async () => {
        for await (const item of it.channel.serverStream(methods.follow, {})) seen.push(item);
      })(),
    );
    expect(failure).toBeInstanceOf(OutOfStock);
    expect(seen).toEqual([1, 2]);
  });

  it("passes an error of the request iterable to the caller as it is, and to the handler as a cancellation", async () => {
    const mine = new Error("my disk is full");
    let told: unknown;
    let tell: () => void = () => {};
    const wasTold = new Promise<void>((resolve) => (tell = resolve));
    await using it = await pair({
      handlers: {
        async sum(requests) {
          try {
            for await (const _ of requests);
          } catch (error) {
            told = error;
            tell();
          }
        },
      },
    });
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw mine;
    }
    await expect(it.channel.clientStream(methods.sum, broken())).rejects.toBe(mine);
    await wasTold;
    expect(told).toMatchObject({ code: "CANCELLED" });
  });

  it("takes what cannot even be looked at for a failure of its handler, and of nothing else", async () => {
    const get = (): never => {
      throw new Error("not for you");
    };
    const shy = new Proxy({}, { has: () => true, get });
    await using it = await pair({ handlers: { once: () => shy } });
    const beside = it.channel.serverStream(methods.count, { to: 2 });
    await beside.next();
    expect(await failureOf(it.channel.unary(methods.once, 1))).toMatchObject({ code: "INTERNAL", executed: "yes", attempts: 1 });
    expect(it.faults.map(String)).toEqual(["Error: not for you"]);
    expect(await beside.next()).toEqual({ done: false, value: { n: 2 } });
  });

  it("bounds messages on either side", async () => {
    await using it = await pair({
      handlers: { once: () => "y".repeat(3000) },
      server: { limits: { maxMessageBytes: 2000 } },
    });
    expect(await failureOf(it.channel.unary(methods.once, "x".repeat(3000)))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      executed: "no",
    });
    expect(await failureOf(it.channel.unary(methods.once, "x"))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      executed: "yes",
    });
  });
});
