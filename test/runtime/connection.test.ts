import { describe, expect, it } from "vitest";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { Kind, writeGoaway } from "../../runtime/rpc/protocol/frame.js";
import { noGuards, type MakeGuards } from "../../runtime/rpc/server/guard.js";
import { openServer } from "../../runtime/rpc/server/server.js";
import type { Link } from "../../runtime/transport/transport.js";
import { deferred, ManualClock, settle, type Deferred } from "./manual-clock.js";
import { memoryTransport, type MemoryLink } from "./memory-transport.js";
import { descriptor, failureOf, methods, pair } from "./test-service.js";

describe("connecting", () => {
  it("takes the first address that works", async () => {
    await using it = await pair();
    const channel = await openChannel(["memory:nowhere", "memory:test"], [it.transport]);
    expect(channel.address).toBe("memory:test");
    expect(await channel.unary(methods.echo, 1)).toBe(1);
    await channel.close();
  });

  it("rejects with every address and its reason when none works", async () => {
    const failure = await failureOf(openChannel(["memory:a", "memory:b"], [memoryTransport()]));
    expect(failure).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    expect(failure.message).toBe("no connection: memory:a: nobody listens; memory:b: nobody listens");
  });

  it("goes on without a transport that dials for ever, though it is told to give up, and has no use for what it finds later", async () => {
    const clock = new ManualClock();
    await using it = await pair();
    let found = (_link: Link): void => {};
    const deaf = { scheme: "deaf", dial: () => new Promise<Link>((resolve) => (found = resolve)) };
    const opening = openChannel(["deaf:x", "memory:test"], [deaf, it.transport], { clock, connectTimeoutMs: 2_000 });
    await clock.pass(4_000);
    const channel = await opening;
    expect(channel.address).toBe("memory:test");
    const late = (await it.transport.dial("memory:test", { signal: new AbortController().signal, maxFrameBytes: 1_000 })) as MemoryLink;
    found(late);
    await settle();
    expect(late.over).toBe(true);
    await channel.close();
    const failure = failureOf(openChannel("deaf:x", [deaf], { clock, connectTimeoutMs: 2_000 }));
    await clock.pass(4_000);
    expect((await failure).message).toContain("deaf:x: no connection within 2000 ms");
  });

  it("refuses an address that no transport serves, and lists of addresses that come to nothing", async () => {
    expect(await failureOf(openChannel("smoke:signals", [memoryTransport()]))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect(await failureOf(openChannel([], [memoryTransport()]))).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await failureOf(openChannel("memory:a", [memoryTransport()], { only: ["tcp"] }))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  it("tries what is preferred first", async () => {
    const other = { ...memoryTransport(), scheme: "other" };
    await using it = await pair();
    const channel = await openChannel(["other:x", "memory:test"], [it.transport, other], { prefer: ["memory"] });
    expect(other.dials).toBe(0);
    await channel.close();
  });

  it("names both versions when they differ", async () => {
    const transport = memoryTransport();
    const listening = await transport.listen?.("memory:old", {
      maxFrameBytes: 1000,
      failed: () => {},
      accept: (link) =>
        link.open({
          frame: () => link.send(Uint8Array.from([0x72, 0x70, 0x63, 0x67, 7, 0])),
          drained: () => {},
          closed: () => {},
        }),
    });
    const failure = await failureOf(openChannel("memory:old", [transport]));
    expect(failure).toMatchObject({ code: "FAILED_PRECONDITION", executed: "no" });
    expect(failure.message).toMatch(/server speaks wire version 7, the client version 1/);
    await listening?.close();
  });

  it("refuses a server that does not speak the protocol, or says nothing", async () => {
    const clock = new ManualClock();
    const transport = memoryTransport();
    for (const [name, answer] of [
      ["http", "HTTP/1.1 400 Bad Request\r\n"],
      ["mute", undefined],
    ] as const) {
      await transport.listen?.(`memory:${name}`, {
        maxFrameBytes: 1000,
        failed: () => {},
        accept: (link) => {
          const greet = (): void => void (answer === undefined || link.send(new TextEncoder().encode(answer)));
          link.open({ frame: greet, drained: () => {}, closed: () => {} });
        },
      });
    }
    expect((await failureOf(openChannel("memory:http", [transport]))).message).toContain(
      "does not speak this protocol",
    );
    const mute = failureOf(openChannel("memory:mute", [transport], { clock }));
    await clock.pass(6_000);
    expect((await mute).message).toContain("no greeting came within 5000 ms");
  });
});

describe("reconnecting", () => {
  it("makes a call that finds no connection wait for the next one", async () => {
    const clock = new ManualClock();
    await using it = await pair({ client: { clock } });
    it.transport.broken = true;
    it.transport.connections[0]?.server.abort();
    await settle();
    const call = it.channel.unary(methods.once, "hello");
    await clock.pass(500);
    it.transport.broken = false;
    await clock.pass(5_000);
    expect(await call).toBe("hello");
    expect(it.transport.connections).toHaveLength(2);
  });

  it("fails what waits in vain with UNAVAILABLE, not executed", async () => {
    const clock = new ManualClock();
    await using it = await pair({ client: { clock } });
    it.transport.broken = true;
    it.transport.connections[0]?.server.abort();
    await settle();
    const call = failureOf(it.channel.unary(methods.once, "hello", { timeoutMs: 300 }));
    await clock.pass(400);
    const failure = await call;
    expect(failure).toMatchObject({ code: "UNAVAILABLE", executed: "no", attempts: 0 });
    expect(failure.message).toContain("nobody listens");
  });

  it("comes back at a pace that grows, and rests when nobody waits", async () => {
    const clock = new ManualClock();
    await using it = await pair({ client: { clock } });
    it.transport.broken = true;
    it.transport.connections[0]?.server.abort();
    await clock.pass(600_000);
    expect(it.transport.dials).toBeLessThanOrEqual(3);
    const before = it.transport.dials;
    const call = failureOf(it.channel.unary(methods.once, 1, { timeoutMs: 60_000 }));
    await clock.pass(61_000);
    await call;
    expect(it.transport.dials - before).toBeGreaterThan(3);
    expect(it.transport.dials - before).toBeLessThan(12);
    const atRest = it.transport.dials;
    await clock.pass(600_000);
    expect(it.transport.dials).toBe(atRest);
  });

  it("binds itself to the instance it has talked to", async () => {
    await using it = await pair();
    const instance = it.channel.path.instance;
    expect(instance).toMatch(/^[0-9a-f]{32}$/);
    it.transport.connections[0]?.server.abort();
    await settle();
    await it.channel.unary(methods.echo, 1);
    const hello = Array.from(it.transport.connections[1]?.client.sent[0] ?? [], (byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(hello).toContain(instance);
  });

  it("finds out that a peer is gone without a word", async () => {
    const clock = new ManualClock();
    await using it = await pair({ handlers: { put: () => new Promise(() => {}) }, client: { clock } });
    const { client, server } = it.transport.connections[0] ?? expect.fail();
    const call = failureOf(it.channel.unary({ ...methods.put, attempts: 1 }, 1, { timeoutMs: 600_000 }));
    await clock.pass(100_000);
    expect(client.sent.filter((frame) => frame[0] === Kind.PING).length).toBeGreaterThan(1);
    expect(client.over).toBe(false);
    server.pause();
    await clock.pass(100_000);
    expect(await call).toMatchObject({ reason: "OUTCOME_UNKNOWN" });
  });
});

describe("a quiet connection", () => {
  it("is asked before it is given up, also when an earlier call was asked about and ended", async () => {
    const clock = new ManualClock();
    const runs: Deferred<unknown>[] = [];
    const put = (): Promise<unknown> => {
      const run = deferred<unknown>();
      runs.push(run);
      return run.promise;
    };
    await using it = await pair({ handlers: { put }, client: { clock } });
    const { client } = it.transport.connections[0] ?? expect.fail();
    const slow = (): Promise<unknown> => it.channel.unary(methods.put, 1, { timeoutMs: Infinity });
    for (const [at, quietMs] of [31_000, 39_000, 45_000].entries()) {
      const call = slow();
      await clock.pass(quietMs);
      runs[at]?.resolve("done");
      expect(await call).toBe("done");
      await clock.pass(60_000);
    }
    expect(client.over).toBe(false);
    expect(client.sent.filter((frame) => frame[0] === Kind.PING).length).toBeGreaterThanOrEqual(3);
  });
});

describe("a fault of the server's own", () => {
  it.each([["known at once", undefined], ["authenticated", () => "ann"]])("ends the connection, and the operator is told of it, of a caller %s", async (_who, authenticate) => {
    const fault = new Error("records are in disorder");
    const broken: MakeGuards = (setting) => {
      const open = (): never => {
        throw fault;
      };
      return { ...noGuards(setting), of: { atMostOnce: { open } } };
    };
    const transport = memoryTransport();
    const faults: unknown[] = [];
    const services = [{ descriptor, handlers: { once: () => "ran" } }];
    const server = await openServer([transport], { listen: "memory:broken", services, authenticate, onError: ({ error }) => faults.push(error) }, broken);
    const channel = await openChannel("memory:broken", [transport]);
    expect(await failureOf(channel.unary(methods.once, 1))).toMatchObject({ executed: "unknown" });
    expect(faults).toEqual([fault]);
    await channel.close();
    await server.close({ graceMs: 0 });
  });
});

describe("closing a server", () => {
  it("lets calls in flight end, and sends new ones elsewhere", async () => {
    const release = deferred();
    const started = deferred();
    await using it = await pair({
      handlers: {
        once: async (request) => {
          started.resolve();
          await release.promise;
          return request;
        },
      },
    });
    const call = it.channel.unary(methods.once, "kept");
    await started.promise;
    const closed = it.server.close({ graceMs: 60_000 });
    await settle();
    const successor = await openServer([it.transport], {
      listen: "memory:test",
      services: [{ descriptor, handlers: { once: () => "new" } }],
    });
    expect(await it.channel.unary(methods.once, "x")).toBe("new");
    release.resolve();
    expect(await call).toBe("kept");
    await closed;
    await successor.close({ graceMs: 0 });
  });

  it("aborts what does not end within the grace; its caller cannot know how far it came", async () => {
    const clock = new ManualClock();
    const aborted = deferred<unknown>();
    const started = deferred();
    await using it = await pair({
      handlers: {
        once: (_request, ctx) => {
          ctx.signal.addEventListener("abort", () => aborted.resolve(ctx.signal.reason));
          started.resolve();
          return new Promise(() => {});
        },
      },
      server: { clock },
    });
    const call = failureOf(it.channel.unary(methods.once, 1));
    await started.promise;
    const closed = it.server.close({ graceMs: 1_000 });
    await clock.pass(2_000);
    expect(await call).toMatchObject({ code: "UNKNOWN", reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    expect(await aborted.promise).toMatchObject({ reason: "OUTCOME_UNKNOWN" });
    await closed;
  });

  it("moves a guarded call that was sent but not begun to another connection, once", async () => {
    const ran: string[] = [];
    await using it = await pair({ handlers: { once: () => void ran.push("old") } });
    const { client } = it.transport.connections[0] ?? expect.fail();
    const closed = it.server.close({ graceMs: 1_000 });
    const successor = await openServer([it.transport], {
      listen: "memory:test",
      services: [{ descriptor, handlers: { once: () => void ran.push("new") } }],
    });
    await it.channel.unary(methods.once, 1);
    expect(client.sent.filter((frame) => ((frame[0] ?? 0) & 15) === Kind.CALL)).toHaveLength(1);
    expect(ran).toEqual(["new"]);
    await closed;
    await successor.close({ graceMs: 0 });
  });

  it("does not go from one connection that will not begin it to the next without end", async () => {
    const clock = new ManualClock();
    const transport = memoryTransport();
    const services = [{ descriptor, handlers: { once: () => "ran" } }];
    await using _server = await openServer([transport], { listen: "memory:leaving", services, clock });
    let sent = 0;
    const leaving: typeof transport = {
      ...transport,
      async dial(address, options) {
        const client = (await transport.dial(address, options)) as MemoryLink;
        // It leaves before each call that is sent to it arrives.
        client.tamper = (frame) => {
          if (((frame[0] ?? 0) & 15) !== Kind.CALL) return frame;
          sent += 1;
          client.other?.send(writeGoaway(new FrameWriter(), { lastStream: 0, code: "UNAVAILABLE", message: "leaving" }));
          return undefined;
        };
        return client;
      },
    };
    await using channel = await openChannel("memory:leaving", [leaving], { clock });
    const call = failureOf(channel.unary(methods.once, 1, { timeoutMs: 60_000 }));
    for (let step = 0; step < 100; step += 1) await clock.pass(100);
    expect(await call).toMatchObject({ code: "UNAVAILABLE", executed: "no", attempts: 3 });
    expect(sent).toBe(4);
  });

  it("leaves no timer behind, on either side", async () => {
    const clock = new ManualClock();
    const it = await pair({ client: { clock }, server: { clock } });
    await it.channel.unary(methods.echo, 1);
    await it.channel.close();
    await it.server.close();
    expect(clock.pending).toBe(0);
  });
});
