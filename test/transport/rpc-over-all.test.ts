/** Calls over every transport, by `connect` and `serve` as users have them, and over real processes where the transport leaves this one. */
import { afterEach, describe, expect, it } from "vitest";
import { connect, RpcError, serve, type Channel, type ConnectOptions, type Server } from "../../runtime/index.js";
import { descriptor, failureOf, type Handlers, methods, OutOfStock } from "../runtime/test-service.js";
import { ALL, rowsOfCalls, type TransportRow } from "./all.js";
import { type Child, children } from "./child.js";
import { turns } from "./session.js";

for (const row of rowsOfCalls()) describe(row.name, () => callsOver(row));

function callsOver(row: TransportRow): void {
  const opened: (() => Promise<void>)[] = [];
  const startChild = children();
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  async function serveAt(address: string, handlers: Partial<Handlers>): Promise<Server> {
    const server = await serve({
      listen: address,
      services: [{ descriptor, handlers }],
      onError: () => {},
      ...row.serveOptions,
    });
    opened.push(() => server.close({ graceMs: 0 }));
    return server;
  }

  async function connectTo(address: string, options?: ConnectOptions): Promise<Channel> {
    const channel = await connect(address, { ...row.connectOptions, ...options });
    opened.push(() => channel.close());
    return channel;
  }

  async function pair(handlers: Partial<Handlers>): Promise<{ server: Server; channel: Channel; address: string }> {
    const server = await serveAt(row.freshAddress(), handlers);
    const address = server.addresses[0] ?? "";
    return { server, channel: await connectTo(address), address };
  }

  describe("calls", () => {
    it("answers many at once, each its own, small and large", async () => {
      const { channel } = await pair({ echo: async (value) => value });
      const values = Array.from({ length: 500 }, (_, index) => ({
        index,
        text: "x".repeat(index % 50 === 0 ? 300_000 : index),
      }));
      const answers = await Promise.all(values.map((value) => channel.unary(methods.echo, value)));
      expect(answers).toEqual(values);
    });

    it("throws the declared error of the handler, as its class", async () => {
      const { channel } = await pair({
        once: () => {
          throw new OutOfStock({ sku: "A-1" });
        },
      });
      const error = await failureOf(channel.unary(methods.once, {}));
      expect(error).toBeInstanceOf(OutOfStock);
      expect(error).toMatchObject({ sku: "A-1", code: "FAILED_PRECONDITION", executed: "yes" });
    });

    it("tells of a declared error whose fields exceed a message that the call ran, and keeps the calls beside it", async () => {
      let runs = 0;
      const { channel } = await pair({
        echo: (value) => value,
        put: () => {
          runs += 1;
          throw new OutOfStock({ sku: "x".repeat(6 << 20) });
        },
        async *follow(_, ctx) {
          yield "first";
          await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
        },
      });
      const beside = channel.serverStream(methods.follow, {});
      expect(await beside.next()).toEqual({ done: false, value: "first" });
      const error = await failureOf(channel.unary(methods.put, {}));
      expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "yes", attempts: 1 });
      expect(error.message).toMatch(/^an answer of 6291\d{3} bytes exceeds the limit of \d+$/);
      expect(runs).toBe(1);
      const next = beside.next().then(() => "ended", () => "lost");
      expect(await Promise.race([next, channel.unary(methods.echo, "still there")])).toBe("still there");
      await beside.return?.();
    });

    it("cancels the handler when its caller does", async () => {
      let aborted: unknown;
      const { channel } = await pair({
        once: (_, ctx) =>
          new Promise((_resolve, reject) =>
            ctx.signal.addEventListener("abort", () => reject((aborted = ctx.signal.reason))),
          ),
      });
      const controller = new AbortController();
      const call = failureOf(channel.unary(methods.once, {}, { signal: controller.signal }));
      await turns(20);
      controller.abort();
      expect(await call).toMatchObject({ code: "CANCELLED" });
      while (aborted === undefined) await turns();
      expect(aborted).toBeInstanceOf(RpcError);
    });

    it("ends a call at its deadline", async () => {
      const { channel } = await pair({ once: () => new Promise(() => {}) });
      expect(await failureOf(channel.unary(methods.once, {}, { timeoutMs: 30 }))).toMatchObject({
        code: "DEADLINE_EXCEEDED",
      });
    });
  });

  describe("streams", () => {
    it("carries 5,000 elements in order", async () => {
      const { channel } = await pair({
        async *count({ to }) {
          for (let n = 1; n <= to; n++) yield { n };
        },
      });
      let expected = 0;
      for await (const { n } of channel.serverStream(methods.count, { to: 5000 })) expect(n).toBe(++expected);
      expect(expected).toBe(5000);
    });

    it("holds a producer back whose reader is slow, and stops it when the reader leaves", async () => {
      let produced = 0;
      let returned = false;
      const { channel } = await pair({
        async *count({ to }) {
          try {
            for (let n = 1; n <= to; n++) {
              produced = n;
              yield { n, text: "x".repeat(10_000) };
            }
          } finally {
            returned = true;
          }
        },
      });
      for await (const { n } of channel.serverStream(methods.count, { to: 1_000_000 })) {
        await turns(3);
        if (n === 20) break;
      }
      expect(produced).toBeLessThan(row.ahead ?? 200);
      while (!returned) await turns();
    });

    it("sums a stream of requests", async () => {
      const { channel } = await pair({
        async sum(requests) {
          let sum = 0;
          for await (const value of requests) sum += Number(value);
          return sum;
        },
      });
      expect(
        await channel.clientStream(
          methods.sum,
          Array.from({ length: 1001 }, (_, index) => index),
        ),
      ).toBe(500_500);
    });

    it(row.streamsOneWay ? "refuses to stream both ways, and says what does" : "answers a stream of requests line by line", async () => {
      const { channel } = await pair({
        async *chat(lines) {
          for await (const line of lines) yield `re: ${String(line)}`;
        },
      });
      const answers: unknown[] = [];
      async function* lines(): AsyncGenerator<string> {
        for (let asked = 0; asked < 3; asked++) {
          while (answers.length < asked) await turns();
          yield `line ${asked}`;
        }
      }
      const reading = (async () => {
        for await (const answer of channel.duplex(methods.chat, lines())) answers.push(answer);
      })();
      if (row.streamsOneWay) {
        return expect(await failureOf(reading)).toMatchObject({ code: "UNIMPLEMENTED", executed: "no", message: expect.stringContaining("use ws:, h2: or tcp:") as string });
      }
      await reading;
      expect(answers).toEqual(["re: line 0", "re: line 1", "re: line 2"]);
    });
  });

  describe("the end of a server", () => {
    it("lets what is in flight end, and takes nothing new", async () => {
      let finish: (value: string) => void = () => {};
      const { server, channel } = await pair({ once: () => new Promise((resolve) => (finish = resolve)) });
      const call = channel.unary(methods.once, {});
      await turns(20);
      const closing = server.close({ graceMs: 10_000 });
      await turns(5);
      expect(await failureOf(channel.unary(methods.once, {}, { timeoutMs: 200 }))).toMatchObject({ executed: "no" });
      finish("done");
      expect(await call).toBe("done");
      await closing;
    });

    it("leaves the outcome of a guarded call open when it is cut off, and runs a readonly one again at the next server", async () => {
      let runs = 0;
      const hang = (): Promise<never> => new Promise(() => runs++);
      const { server, channel, address } = await pair({ once: hang, echo: hang });
      const guarded = failureOf(channel.unary(methods.once, 1, { timeoutMs: 30_000 }));
      const readonly = channel.unary(methods.echo, 2, { timeoutMs: 30_000 });
      while (runs < 2) await turns();
      await server.close({ graceMs: 0 });
      expect(await guarded).toMatchObject({ reason: "OUTCOME_UNKNOWN", code: "UNKNOWN", executed: "unknown" });
      await serveAt(address, { echo: (value) => value, once: () => runs++ });
      expect(await readonly).toBe(2);
      expect(runs).toBe(2);
    });

    it("is told to a caller who has nowhere to go, with the address", async () => {
      const { server, channel, address } = await pair({});
      await server.close({ graceMs: 0 });
      // A connection of HTTP that rests is seen to end in a later turn; a call that crosses its end has an unknown outcome.
      await turns(5);
      const error = await failureOf(channel.unary(methods.once, {}, { timeoutMs: 300 }));
      expect(error.executed).toBe("no");
      expect((await failureOf(connect(address, row.connectOptions))).message).toContain(address);
    });
  });

  if (!row.betweenProcesses) return;

  describe("a server in another process", () => {
    async function startServer(address: string, mode: "answer" | "hang"): Promise<{ child: Child; address: string }> {
      const child = startChild("rpc-server.child.ts", address, mode);
      return { child, address: await child.line(0) };
    }

    it("is killed in the middle of calls, and comes back", async () => {
      const first = await startServer(row.freshAddress(), "hang");
      const channel = await connectTo(first.address);
      const once = failureOf(channel.unary(methods.once, 1, { timeoutMs: 40_000 }));
      const put = channel.unary(methods.put, 2, { timeoutMs: 40_000 });
      const echo = channel.unary(methods.echo, 3, { timeoutMs: 40_000 });
      await first.child.line(3);
      first.child.signal("SIGKILL");
      await first.child.gone();
      const unsent = channel.unary(methods.echo, 4, { timeoutMs: 40_000 });
      const second = await startServer(first.address, "answer");
      expect(await once).toMatchObject({
        reason: "OUTCOME_UNKNOWN",
        code: "UNKNOWN",
        executed: "unknown",
        attempts: 1,
      });
      expect(await Promise.all([put, echo, unsent])).toEqual([2, 3, 4]);
      await second.child.line(3);
      const ran = [...first.child.lines(), ...second.child.lines()].filter((line) => line.startsWith("running"));
      expect(ran.filter((line) => line === "running once")).toHaveLength(1);
      expect(ran.filter((line) => line === "running put")).toHaveLength(2);
    });

    it("is killed in the middle of a stream that was read from, which then ends in an error", async () => {
      const { child, address } = await startServer(row.freshAddress(), "hang");
      const channel = await connectTo(address);
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { n } of channel.serverStream(methods.count, { to: 3 })) seen.push(n);
      })();
      const failure = failureOf(reading);
      await child.line(1);
      while (seen.length < 3) await turns();
      child.signal("SIGKILL");
      expect(await failure).toMatchObject({ executed: "unknown" });
      expect(seen).toEqual([1, 2, 3]);
    });

    it("is frozen, and calls to it end at their deadline", async () => {
      const { child, address } = await startServer(row.freshAddress(), "answer");
      const channel = await connectTo(address);
      child.signal("SIGSTOP");
      const error = await failureOf(channel.unary(methods.once, 1, { timeoutMs: 200 }));
      expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "unknown" });
      child.signal("SIGCONT");
      expect(await channel.unary(methods.echo, 2)).toBe(2);
    });

    it("closes in order and exits by itself", async () => {
      const { child, address } = await startServer(row.freshAddress(), "answer");
      const channel = await connectTo(address);
      expect(await channel.unary(methods.echo, 1)).toBe(1);
      child.endInput();
      expect(await child.gone()).toBe(0);
      expect(await failureOf(channel.unary(methods.once, 1, { timeoutMs: 100 }))).toMatchObject({ executed: "no" });
    });
  });
}

describe("one server on every transport", () => {
  it("is found at the first address that works", async () => {
    await using server = await serve({
      listen: ALL.map(({ freshAddress }) => freshAddress()),
      services: [{ descriptor, handlers: { echo: (value: unknown) => value } }],
      ...ALL.reduce((options, row) => ({ ...options, ...row.serveOptions }), {}),
      transports: ALL.flatMap(({ serveOptions }) => serveOptions?.transports ?? []),
    });
    for (const [index, { transport, connectOptions }] of ALL.entries()) {
      await using channel = await connect([
        "unix:/tmp/rpcgen-nobody.sock",
        "inproc:nobody",
        server.addresses[index] ?? "",
      ], connectOptions);
      expect(channel.path.transport).toBe(transport.scheme);
      expect(await channel.unary(methods.echo, "hello")).toBe("hello");
    }
  });
});
