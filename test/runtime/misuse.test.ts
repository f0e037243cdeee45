/** What is said to those who hold the runtime wrongly, as programs in JavaScript can: place, reason and remedy, at once. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { callerOf, failStopSession } from "../../runtime/generated.js";
import { connect, DEFAULT_LIMITS, DEFAULT_SERVER_LIMITS, memoryStore, serve, stdio, type ConnectOptions, type ServeOptions } from "../../runtime/index.js";
import type { CallOptions } from "../../runtime/rpc/call-options.js";
import type { PayloadCodec } from "../../runtime/rpc/descriptor.js";
import { ChildCaller } from "../../runtime/rpc/server/child-caller.js";
import { connectSync } from "../../runtime/sync/index.js";
import { descriptor, failureOf, methods, pair } from "./test-service.js";

const services = [{ descriptor, handlers: {} }];
const served = async (options: object): Promise<unknown> => {
  const server = await serve({ listen: "inproc:misuse", services, ...options } as ServeOptions);
  await server.close();
  return "served";
};

describe("serve", () => {
  it.each([
    [{ listen: undefined }, "an address is a text such as tcp://127.0.0.1:4000"],
    [{ listen: null }, "an address is a text such as tcp://127.0.0.1:4000"],
    [{ listen: [undefined] }, "an address is a text such as tcp://127.0.0.1:4000"],
    [{ services: undefined }, "`services` is undefined: give the list of what the generated functions make, such as [ordersService(handlers)]"],
    [{ services: services[0] }, "`services` is an object: give the list"],
    [{ services: [{ get() {} }] }, "`services[0]` is an object without a descriptor: give what a generated function makes, such as ordersService(handlers)"],
    [{ services: [undefined] }, "`services[0]` is undefined"],
    [{ services: [() => {}] }, "`services[0]` is a function"],
    [{ services: [{ descriptor, handlers: undefined }] }, "the handlers of test.Test are undefined: give an object with its methods"],
    [{ authenticate: "secret" }, '`authenticate` is "secret", not a function'],
    [{ onError: 5 }, "`onError` is 5, not a function"],
    [{ interceptors: async () => {} }, "`interceptors` is a function: give a list of functions (call, next)"],
    [{ interceptors: [5] }, "`interceptors[0]` is 5: give a list of functions (call, next)"],
    [{ limits: { maxRuning: 5 } }, /^there is no limit "maxRuning" \(there are maxMessageBytes, .*\); did you mean "maxRunning"\?$/],
    [{ interceptor: [] }, /^there is no option "interceptor" \(there are listen, .*\); did you mean "interceptors"\?$/],
    [{ authentication: () => "anybody" }, /^there is no option "authentication" \(there are listen, services, .*\)$/],
    [{ authorize: undefined }, 'there is no option "authorize"'],
    [{ limits: { maxMessageBytes: -1 } }, "`limits.maxMessageBytes` is -1, not a number from 0 up"],
    [{ limits: { maxMessageBytes: "4 MiB" } }, '`limits.maxMessageBytes` is "4 MiB", not a number from 0 up'],
    [{ limits: 5 }, "`limits` is 5: give an object of numbers"],
    [{ listen: "http://127.0.0.1:0", origins: "https://app.example.org" }, '`origins` is "https://app.example.org": give a list'],
    [{ transports: {} }, "`transports` is an object: give a list"],
    [{ store: new Map() }, "`store` is an object that is no store: give what openLogStore, openPostgresStore or memoryStore makes"],
  ])("%o is refused", async (options, why) => {
    await expect(served(options)).rejects.toThrow(why);
  });

  it("without options says what it takes", async () => {
    await expect((serve as () => Promise<unknown>)()).rejects.toThrow("serve takes an object: give it { listen, services }");
  });

  it("takes a limit that is undefined for its default", async () => {
    await using it = await pair({ server: { limits: { maxMessageBytes: undefined } as object } });
    expect(await it.channel.unary(methods.echo, "x")).toBe("x");
  });

  it.each(["tcp", "http"])("takes Infinity for the most that there is, of every limit and on either side, over %s", async (scheme) => {
    const boundless = <L extends object>(limits: L): L => Object.fromEntries(Object.keys(limits).map((name) => [name, Infinity])) as L;
    const handlers = {
      echo: (value: unknown) => value,
      once: (value: unknown) => value,
      async sum(requests: AsyncIterable<unknown>) {
        let sum = 0;
        for await (const request of requests) sum += request as number;
        return sum;
      },
    };
    const rests = async function* (): AsyncGenerator<number> {
      yield 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      yield 2;
    };
    const server = await serve({ listen: `${scheme}://127.0.0.1:0`, services: [{ descriptor, handlers }], limits: boundless(DEFAULT_SERVER_LIMITS) });
    const channel = await connect(server.addresses[0] ?? "", { limits: boundless(DEFAULT_LIMITS) });
    const long = "x".repeat(3 << 20);
    expect(await Promise.all([channel.unary(methods.echo, long), channel.unary(methods.once, 1), channel.clientStream(methods.sum, rests())])).toEqual([long, 1, 3]);
    await channel.close();
    await server.close();
  });

  it("takes what is right", async () => {
    expect(await served({ store: memoryStore(), interceptors: [], limits: { maxRunning: 5 } })).toBe("served");
  });
});

describe("connect", () => {
  it("says an address once", async () => {
    const server = await serve({ listen: "tcp://127.0.0.1:0", services });
    const [address = ""] = server.addresses;
    await server.close();
    const error = await failureOf(connect([address, "tcp://127.0.0.1"]));
    expect(error.code).toBe("UNAVAILABLE");
    expect(error.message).toBe(
      `no connection: ${address}: nobody listens there; is the server running, and is the port right?; "tcp://127.0.0.1": the port is missing, as in tcp://127.0.0.1:4000`,
    );
  });

  it.each([
    ["tcp", /^no connection: tcp:..(127\.0\.0\.1:\d+): the connection to \1 broke: the connection ended without a goodbye; the peer's process may have died \(the server had not greeted; is it one, and is it served as tcp: there\?\)$/],
    ["ws", /^no connection: ws:..127\.0\.0\.1:\d+: .*; what answers there serves no WebSockets; is it served as tcp: or tls:\?$/],
  ])("asks whether what hangs up speaks the protocol, and names it once: %s", async (scheme, said) => {
    const listener = createServer((socket) => socket.on("error", () => {}).end()).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const { message } = await failureOf(connect(`${scheme}://127.0.0.1:${port}`));
    expect(message).toMatch(said);
    listener.close();
  });

  it.each([
    [undefined, {}, "an address is a text such as tcp://127.0.0.1:4000"],
    [null, {}, "an address is a text such as tcp://127.0.0.1:4000"],
    ["inproc:x", null, "the options of connect are null: give an object"],
    ["inproc:x", "tcp", 'the options of connect are "tcp": give an object'],
    ["inproc:x", { interceptors: async () => {} }, "`interceptors` is a function: give a list of functions (call, next)"],
    ["inproc:x", { interceptors: {} }, "`interceptors` is an object: give a list of functions (call, next)"],
    ["inproc:x", { limits: { maxMessageBytes: NaN } }, "`limits.maxMessageBytes` is NaN, not a number from 0 up"],
    ["inproc:x", { timeoutMs: "200" }, 'timeoutMs is "200", not a number of milliseconds'],
    ["inproc:x", { timeout: 5 }, 'there is no option "timeout" (there are observe, interceptors, transports, prefer, only, timeoutMs, connectTimeoutMs, limits, tls, clock, random); did you mean "timeoutMs"?'],
    ["inproc:x", { limits: { maxMessagebytes: 5 } }, 'did you mean "maxMessageBytes"?'],
    ["inproc:x", { limits: { maxRunning: 5 } }, 'there is no limit "maxRunning" (there are maxMessageBytes, '],
    ["inproc:x", { only: "tcp" }, '`only` is "tcp": give a list'],
    ["inproc:x", { prefer: "tcp" }, '`prefer` is "tcp": give a list'],
    ["inproc:x", { transports: {} }, "`transports` is an object: give a list"],
  ])("(%o, %o) is refused", async (address, options, why) => {
    const error = await failureOf(connect(address as string, options as ConnectOptions));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
    expect(error.message).toContain(why);
  });
});

describe("options", () => {
  it("of a blocking channel are those that it has", () => {
    expect(() => connectSync("inproc:x", { interceptors: [] } as object)).toThrow('there is no option "interceptors" (there are observe, prefer, only, timeoutMs, connectTimeoutMs, limits, tls)');
  });

  it.each([
    [() => stdio({ command: "node", arguments: ["server.js"] } as never), 'stdio: there is no option "arguments" (there are command, args, env, cwd)'],
    [() => memoryStore({ retention: 5 } as never), 'memoryStore: there is no option "retention" (there are id, retentionMs); did you mean "retentionMs"?'],
  ])("of what is made beforehand are refused there: %#", (make, why) => {
    expect(make).toThrow(why);
  });

  it("may be undefined, frozen, inherited and shared", async () => {
    const shared = Object.freeze({ interceptors: [], limits: Object.freeze({ maxMessageBytes: 1 << 20, stallMs: undefined }) as object, observe: undefined, tls: undefined });
    await using server = await serve({ listen: "inproc:shared-options", services: [{ descriptor, handlers: { echo: (text: unknown) => text } }], ...shared, origins: undefined });
    await using channel = await connect(server.addresses, shared);
    expect(await channel.unary(methods.echo, "x", Object.create({ timeoutMs: 5_000 }) as CallOptions)).toBe("x");
    expect(await channel.unary(methods.echo, "x", { timeoutMs: undefined, signal: undefined, headers: undefined, criticality: undefined })).toBe("x");
  });

  it("of an interceptor's own are its to take out", async () => {
    const tenants: unknown[] = [];
    await using it = await pair({
      client: {
        interceptors: [
          (call, next) => {
            const { tenant, ...options } = call.options as CallOptions & { tenant?: string };
            tenants.push(tenant);
            return next({ ...call, options });
          },
        ],
      },
    });
    expect(await it.channel.unary(methods.echo, "x", { tenant: "acme" } as CallOptions)).toBe("x");
    expect(tenants).toEqual(["acme"]);
  });
});

describe("a client", () => {
  it.each(([[Promise.resolve(), "an object"], [undefined, "undefined"], ["tcp://127.0.0.1:4000", '"tcp://127.0.0.1:4000"']] as const).flatMap(([channel, got]) =>
    ([["callerOf", () => callerOf(channel as never)], ["failStopSession", () => failStopSession(channel as never)], ["ctx.client", () => new ChildCaller(channel as never, undefined as never, false)]] as const).map(
      ([by, make]) => [by, got, make] as const,
    ),
  ))("made by %s of %s asks for what is missing", (_, got, make) => {
    expect(make).toThrow(new TypeError(`a client takes a channel, got ${got}; is an \`await\` missing, as in \`await connect(address)\`?`));
  });
});

describe("a call", () => {
  it.each([
    [null, "its options are null: give an object, such as { timeoutMs: 200 }"],
    [5, "its options are 5: give an object, such as { timeoutMs: 200 }"],
    [{ timeoutMs: "200" }, 'timeoutMs is "200", not a number of milliseconds'],
    [{ timeout: 5 }, 'there is no option "timeout" (there are timeoutMs, signal, headers, criticality, idempotencyKey, step); did you mean "timeoutMs"?'],
    [{ header: { a: "b" } }, 'there is no option "header" (there are timeoutMs, signal, headers, criticality, idempotencyKey, step); did you mean "headers"?'],
    [{ deadline: 5 }, 'there is no option "deadline" (there are timeoutMs, signal, headers, criticality, idempotencyKey, step)'],
    [{ toString: () => "" }, 'there is no option "toString" (there are'],
    [{ timeoutMs: NaN }, "timeoutMs is NaN, not a number of milliseconds"],
    [{ signal: new AbortController() }, "signal is an object and no AbortSignal: of an AbortController, give its `signal`"],
    [{ signal: null }, "signal is null and no AbortSignal"],
    [{ headers: new Headers({ authorization: "x" }) }, "headers are no plain object: give one, such as Object.fromEntries(headers)"],
    [{ headers: new Map([["a", "b"]]) }, "headers are no plain object"],
    [{ headers: [["a", "b"]] }, "headers are no plain object"],
    [{ headers: "a: b" }, "headers are no plain object"],
    [{ headers: { authorization: undefined } }, 'header "authorization" is undefined, not a text'],
    [{ headers: { a: ["b"] } }, 'header "a" is an array, not a text'],
    [{ headers: { a: "\ud800" } }, 'header "a" has half of a surrogate pair'],
  ].map(([options, why]) => [why, options] as const))("is refused before it is sent: %s", async (why, options) => {
    await using it = await pair();
    const error = await failureOf(it.channel.unary(methods.echo, 1, options as CallOptions));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no", attempts: 0 });
    expect(error.message).toContain(`test.Test/echo: ${why}`);
  });

  it.each([undefined, null, 5, {}])("whose requests are %o is refused before it is sent", async (requests) => {
    await using it = await pair();
    const why = /^test\.Test\/(sum|chat): its requests are .+: give an iterable of them, such as an array or an async generator$/;
    for (const call of [
      it.channel.clientStream(methods.sum, requests as never),
      it.channel.duplex(methods.chat, requests as never).next(),
    ]) {
      const error = await failureOf(call);
      expect(error).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no", attempts: 0 });
      expect(error.message).toMatch(why);
    }
  });
});

describe("a handler", () => {
  it.each([undefined, null])("that answers with %o where constraints are to be looked at is told what the type takes", async (answer) => {
    const checked: PayloadCodec<{ n: number }> = {
      encode(value) {
        if (typeof value !== "object" || value === null) throw new Error(`takes an object, got ${String(value)}`);
        return new Uint8Array();
      },
      decode: () => ({ n: 1 }),
      check: ({ n }) => (n > 9 ? "too many" : undefined),
    };
    const echo = { ...methods.echo, response: checked };
    await using it = await pair({ server: { services: [{ descriptor: { ...descriptor, methods: { echo } }, handlers: { echo: () => answer } }] } });
    expect(await failureOf(it.channel.unary(echo, 1))).toMatchObject({ code: "INTERNAL", executed: "yes" });
    expect(it.faults).toMatchObject([{ message: `takes an object, got ${String(answer)}` }]);
  });

  it.each([undefined, null, 5, {}])("of a stream that answers with %o is told what a stream takes", async (answer) => {
    await using it = await pair({ handlers: { count: () => answer as never } });
    expect(await failureOf(it.channel.serverStream(methods.count, { to: 1 }).next())).toMatchObject({ code: "INTERNAL", executed: "yes" });
    expect(it.faults).toMatchObject([{ message: expect.stringMatching(/^a stream takes an iterable, such as an async generator, got (undefined|null|5|an object)$/) }]);
  });
});
