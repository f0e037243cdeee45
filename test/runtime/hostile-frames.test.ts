import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { Kind, writeCall, writeNumbers, writePayload } from "../../runtime/rpc/protocol/frame.js";
import { readWelcome, writeHello, writeWelcome } from "../../runtime/rpc/protocol/handshake.js";
import { ManualClock, settle } from "./manual-clock.js";
import type { MemoryLink } from "./memory-transport.js";
import { collect, failureOf, methods, pair, type Pair, type PairOptions } from "./test-service.js";

const writer = new FrameWriter();

/** Their answers, of six bytes each, congest a link, and then there are thousands more. */
const PINGS_OF_A_FLOOD = 16_000;

const rejections: unknown[] = [];
const onRejection = (error: unknown): void => void rejections.push(error);

beforeAll(() => void globalThis.process?.on("unhandledRejection", onRejection));
afterAll(() => {
  globalThis.process?.off("unhandledRejection", onRejection);
  expect(rejections).toEqual([]);
});

/** A client that says what it likes. */
class RawClient {
  readonly received: Uint8Array[] = [];
  closed = false;
  readonly link: MemoryLink;

  constructor(link: MemoryLink) {
    this.link = link;
    link.open({
      frame: (bytes) => void this.received.push(bytes.slice()),
      drained: () => {},
      closed: () => void (this.closed = true),
    });
  }

  /** The numbers of methods, after an honest greeting. */
  async greet(): Promise<ReadonlyMap<string, { readonly number: number }>> {
    this.link.send(writeHello({ ...DEFAULT_LIMITS, clientId: new Uint8Array(16).fill(9), boundInstance: undefined }));
    await settle();
    return readWelcome(this.received[0] ?? new Uint8Array()).methods;
  }

  kinds(): number[] {
    return this.received.slice(1).map((frame) => (frame[0] ?? 0) & 15);
  }
}

async function rawClient(it: Pair): Promise<RawClient> {
  const link = await it.transport.dial("memory:test", { signal: new AbortController().signal, maxFrameBytes: 1 << 23 });
  return new RawClient(link as MemoryLink);
}

function call(stream: number, method: number, payload = "1", remainingMs = 1000): Uint8Array {
  const head = {
    stream,
    method,
    sequence: stream,
    ackBelow: 1,
    key: undefined,
    ageMs: 0,
    remainingMs,
    attempt: 1,
    hop: 0,
    rank: 1,
    headers: undefined,
  };
  return writeCall(writer, head, new TextEncoder().encode(payload));
}

function number(methodNumbers: ReadonlyMap<string, { readonly number: number }>, name: string): number {
  return methodNumbers.get(`test.Test/${name}`)?.number ?? expect.fail(`no ${name}`);
}

async function expectAlive(it: Pair): Promise<void> {
  expect(await it.channel.unary(methods.echo, "alive")).toBe("alive");
}

async function withRaw(
  run: (it: Pair, raw: RawClient, methods: ReadonlyMap<string, { readonly number: number }>) => Promise<void>,
  options?: PairOptions,
): Promise<void> {
  await using it = await pair(options);
  const raw = await rawClient(it);
  await run(it, raw, await raw.greet());
  await expectAlive(it);
}

describe("a hostile client", () => {
  it("is sent away when it does not greet, and others live on", async () => {
    await using it = await pair();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
        const raw = await rawClient(it);
        raw.link.send(bytes);
        await settle(6);
        expect(raw.closed).toBe(true);
      }),
      { numRuns: 50 },
    );
    await expectAlive(it);
  });

  it("is sent away with a reason for a greeting of settings without end", async () => {
    await using it = await pair();
    const greeting = writeHello({ ...DEFAULT_LIMITS, clientId: new Uint8Array(16).fill(9), boundInstance: undefined });
    const settings = (count: number): Uint8Array => Uint8Array.from([...greeting, ...Array.from({ length: count }, (_, index) => [0x80 | (index & 0x7f), 1 + (index >> 7), 0]).flat()]);
    for (const [count, refused] of [[1_000, false], [2_000, true]] as const) {
      const raw = await rawClient(it);
      raw.link.send(settings(count));
      await settle();
      expect(raw.closed).toBe(refused);
      if (refused) expect(new TextDecoder().decode(raw.received[0])).toContain("exceeds 4096");
    }
  });

  it("is told both versions when it speaks another", async () => {
    await using it = await pair();
    const raw = await rawClient(it);
    raw.link.send(Uint8Array.from([0x72, 0x70, 0x63, 0x67, 9, 1, 2, 3]));
    await settle();
    expect(new TextDecoder().decode(raw.received[0])).toContain(
      "the client speaks wire version 9, the server version 1",
    );
    expect(raw.closed).toBe(true);
  });

  it("may send random frames: the server answers others all the same", async () => {
    await using it = await pair();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 }), async (frames) => {
        const raw = await rawClient(it);
        await raw.greet();
        for (const frame of frames) raw.link.send(frame);
        await settle(4);
        raw.link.abort();
      }),
      { numRuns: 150 },
    );
    await expectAlive(it);
  });

  it("may mutate honest frames", async () => {
    await using it = await pair();
    const mutation = fc.record({
      frame: fc.nat(7),
      cut: fc.option(fc.nat(12), { nil: undefined }),
      flips: fc.array(fc.record({ at: fc.nat(14), value: fc.nat(255) }), { maxLength: 3 }),
      repeat: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 12 }), async (mutations) => {
        const raw = await rawClient(it);
        const numbers = await raw.greet();
        let stream = 0;
        for (const { frame, cut, flips, repeat } of mutations) {
          const honest =
            [
              () => call((stream += 1), number(numbers, "echo")),
              () => call((stream += 1), number(numbers, "count"), '{"to":50}'),
              () => call((stream += 1), number(numbers, "sum"), ""),
              () => call((stream += 1), number(numbers, "chat"), ""),
              () => writePayload(writer, Kind.ITEM, stream, new TextEncoder().encode("5")),
              () => writeNumbers(writer, Kind.END, stream),
              () => writeNumbers(writer, Kind.CREDIT, stream, 1000),
              () => writeNumbers(writer, Kind.CANCEL, stream, 1),
            ][frame]?.() ?? new Uint8Array([1]);
          const bytes = honest.slice(0, cut === undefined ? undefined : Math.max(1, cut));
          for (const { at, value } of flips) if (at < bytes.length) bytes[at] = value;
          for (let time = 0; time < repeat; time += 1) raw.link.send(bytes.slice());
        }
        await settle(4);
        raw.link.abort();
      }),
      { numRuns: 200 },
    );
    await expectAlive(it);
  });

  it.each([
    ["an empty frame", () => new Uint8Array()],
    ["a call with a stream number that was used", (m: number) => call(1, m)],
    ["a reply", () => writePayload(writer, Kind.REPLY, 1, new Uint8Array(3))],
    ["an error", () => Uint8Array.from([Kind.ERROR, 1, 1, 1, 0, 0, 0, 0])],
    ["a credit that overflows", () => writeNumbers(writer, Kind.CREDIT, 0, 0xffff_ffff)],
    ["flags that nobody knows", () => Uint8Array.from([Kind.PING | 0x80, 0])],
    ["a call whose sequence is 0", (m: number) => Uint8Array.from([Kind.CALL, 2, m, 0, 0, 0])],
    ["a call that acknowledges the future", (m: number) => Uint8Array.from([Kind.CALL, 2, m, 1, 5, 0])],
    ["an overlong varint", () => Uint8Array.from([Kind.END, 0x81, 0x00])],
    ["a varint of eleven bytes", () => Uint8Array.from([Kind.END, ...new Array<number>(10).fill(0xff), 1])],
    ["a piece without a stream", () => Uint8Array.from([Kind.PIECE, 0, 5, 1])],
    ["an empty piece", () => Uint8Array.from([Kind.PIECE, 2, 5])],
    ["a piece of a frame beyond the limit", () => Uint8Array.from([Kind.PIECE, 2, 0xff, 0xff, 0xff, 0x7f, 1])],
    ["a frame in pieces that carries nothing", () => Uint8Array.from([Kind.PIECE, 2, 0, Kind.PING, 1])],
    ["a frame in pieces that is a piece", () => Uint8Array.from([Kind.PIECE, 2, 0, Kind.PIECE, 2, 0, 1])],
    ["a frame in pieces of another stream", () => Uint8Array.from([Kind.PIECE, 2, 0, Kind.ITEM, 1, 0x31])],
    ["a pong of nothing", () => Uint8Array.from([Kind.PONG])],
    ["a pong with bytes behind it", () => Uint8Array.from([Kind.PONG, 0, 0])],
    ["a key that ends early", () => Uint8Array.from([Kind.CALL | 0x20, 2, 0, 1, 2, 3])],
    ["headers longer than the frame", () => Uint8Array.from([Kind.CALL | 0x10, 2, 0, 2, 1, 0, 0xff, 0x7f, 1])],
  ])("is sent away with a reason for %s", async (_name, frame) => {
    await withRaw(async (_it, raw, numbers) => {
      raw.link.send(call(1, number(numbers, "echo")));
      await settle();
      raw.link.send(frame(number(numbers, "echo")));
      await settle();
      expect(raw.closed).toBe(true);
      expect(raw.kinds().at(-1)).toBe(Kind.GOAWAY);
    });
  });

  it.each([
    ["of another stream", [Kind.PIECE, 3, 3, 7]],
    ["of another length", [Kind.PIECE, 2, 9, 7]],
  ])("is sent away for a piece %s than that which is arriving", async (_name, second) => {
    await withRaw(async (_it, raw) => {
      raw.link.send(Uint8Array.from([Kind.PIECE, 2, 4, Kind.CALL]));
      await settle();
      expect(raw.closed).toBe(false);
      raw.link.send(Uint8Array.from(second));
      await settle();
      expect(raw.closed).toBe(true);
      expect(raw.kinds().at(-1)).toBe(Kind.GOAWAY);
    });
  });

  it("may say that more pieces were taken than were sent", async () => {
    await withRaw(async (_it, raw) => {
      raw.link.send(writeNumbers(writer, Kind.TAKEN, 0xffff_ffff));
      await settle();
      expect(raw.closed).toBe(false);
    });
  });

  it("loses only the call for a bad header, an unknown method, a bad request", async () => {
    await withRaw(async (_it, raw, numbers) => {
      const echo = number(numbers, "echo");
      raw.link.send(Uint8Array.from([Kind.CALL | 0x10, 1, echo, 1, 0, 0, 4, 1, 1, 0x0a, 0, 0x31]));
      raw.link.send(call(2, 999));
      raw.link.send(call(3, echo, "{"));
      raw.link.send(call(4, echo, "5"));
      await settle();
      expect(raw.kinds()).toEqual([Kind.ERROR, Kind.ERROR, Kind.ERROR, Kind.REPLY]);
      expect(raw.closed).toBe(false);
    });
  });

  it("may send some frames that make no sense, and then no more", async () => {
    await withRaw(async (_it, raw) => {
      for (let n = 0; n < 10; n += 1)
        raw.link.send(n % 2 === 0 ? Uint8Array.from([15]) : writeNumbers(writer, Kind.END, 77));
      await settle();
      expect(raw.closed).toBe(false);
      raw.link.send(writeNumbers(writer, Kind.END, 77));
      await settle();
      expect(raw.closed).toBe(true);
    });
  });

  it("may not send elements without credit", async () => {
    await withRaw(
      async (_it, raw, numbers) => {
        raw.link.send(call(1, number(numbers, "sum"), "", 0));
        for (let n = 0; n < 200; n += 1) raw.link.send(writePayload(writer, Kind.ITEM, 1, new Uint8Array(1000)));
        await settle();
        expect(raw.closed).toBe(true);
      },
      { handlers: { sum: () => new Promise(() => {}) } },
    );
  });

  it("may not open and cancel without end", async () => {
    let running = 0;
    await withRaw(
      async (_it, raw, numbers) => {
        for (let n = 1; n <= 3000 && !raw.closed; n += 1) {
          raw.link.send(call(n, number(numbers, "once")));
          raw.link.send(writeNumbers(writer, Kind.CANCEL, n, 1));
        }
        await settle();
        expect(raw.closed).toBe(true);
        expect(running).toBeLessThanOrEqual(2001);
      },
      { handlers: { once: () => ((running += 1), new Promise(() => {})) }, server: { clock: new ManualClock() } },
    );
  });

  it("may not ask for signs of life without end, and read none", async () => {
    await withRaw(async (_it, raw) => {
      raw.link.paused = true;
      for (let flood = 0; flood < PINGS_OF_A_FLOOD; flood += 1) raw.link.send(writeNumbers(writer, Kind.PING, 0xffff_ffff));
      await settle();
      raw.link.paused = false;
      raw.link.resume();
      await settle();
      expect(raw.closed).toBe(true);
      expect(raw.kinds().filter((kind) => kind === Kind.PONG).length).toBeLessThan(PINGS_OF_A_FLOOD - 1_000);
    });
  });

  it("gets RESOURCE_EXHAUSTED for calls beyond what a connection may have in flight", async () => {
    await using it = await pair({
      handlers: { once: () => new Promise(() => {}) },
      server: { limits: { maxCallsPerConnection: 5 } },
    });
    const calls = Array.from({ length: 5 }, (_, n) => it.channel.unary(methods.once, n).catch(() => {}));
    expect(await failureOf(it.channel.unary(methods.once, 6))).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      executed: "no",
    });
    await it.channel.close();
    await Promise.all(calls);
  });
});

describe("a hostile server", () => {
  it("may send random frames: calls end with typed errors and the channel finds its way back", async () => {
    await using it = await pair();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 12 }),
        async (frames) => {
          const channel = await openChannel("memory:test", [it.transport]);
          const { server } = it.transport.connections.at(-1) ?? expect.fail();
          const outcomes = [
            channel.unary(methods.echo, 1),
            collect(channel.serverStream(methods.count, { to: 3 })),
          ].map((outcome) => failureOf(outcome).catch(() => {}));
          for (const frame of frames) server.send(frame);
          await Promise.all(outcomes);
          await channel.close();
        },
      ),
      { numRuns: 100 },
    );
    await expectAlive(it);
  });

  it("may not ask for signs of life without end, and read none", async () => {
    await using it = await pair({ handlers: { put: () => new Promise(() => {}) } });
    const call = failureOf(it.channel.unary({ ...methods.put, attempts: 1 }, 1));
    await settle();
    const server = it.transport.connections[0]!.server;
    server.paused = true;
    for (let flood = 0; flood < PINGS_OF_A_FLOOD; flood += 1) server.send(writeNumbers(writer, Kind.PING, 0xffff_ffff));
    await settle();
    expect(server.inbox.length).toBeLessThan(PINGS_OF_A_FLOOD - 1_000);
    expect((await call).message).toContain("asks for answers and takes none");
  });

  it("may not list a method twice: the numbers of those behind it would be those of others", () => {
    const service = { name: "test.Test", fingerprint: "", methods: { echo: methods.echo } };
    const greeting = writeWelcome(new Uint8Array(16), [service, service], DEFAULT_LIMITS, { retentionMs: undefined, storeId: undefined });
    expect(() => readWelcome(greeting)).toThrow("the server lists test.Test/echo twice");
  });

  it("may answer twice, or what was never asked, only so often", async () => {
    await using it = await pair();
    const { server, client } = it.transport.connections[0] ?? expect.fail();
    await it.channel.unary(methods.echo, 1);
    for (let n = 0; n < 5; n += 1) server.send(writePayload(writer, Kind.REPLY, 1, new Uint8Array([0x31])));
    await settle();
    await expectAlive(it);
    expect(client.over).toBe(false);
    for (let n = 0; n < 6; n += 1) server.send(writePayload(writer, Kind.REPLY, 1, new Uint8Array([0x31])));
    await settle();
    expect(client.over).toBe(true);
    await expectAlive(it);
  });

  it("may not answer a call in the way of another kind", async () => {
    await using it = await pair({ handlers: { put: () => new Promise(() => {}) } });
    const { server } = it.transport.connections[0] ?? expect.fail();
    const call = failureOf(it.channel.unary({ ...methods.put, attempts: 1 }, 1));
    await settle();
    server.send(writeNumbers(writer, Kind.END, 1));
    expect(await call).toMatchObject({ reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    await expectAlive(it);
  });
});
