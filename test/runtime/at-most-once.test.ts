/** `@atMostOnce`: nothing that happens to frames, connections or servers runs a call twice, and what is said of it stays true. */
import { describe, expect, it } from "vitest";
import { guards } from "../../runtime/idempotency/guards.js";
import { KeyedRecords } from "../../runtime/idempotency/keyed-records.js";
import { ByteBudget } from "../../runtime/rpc/byte-budget.js";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { CODE_NUMBERS } from "../../runtime/rpc/codes.js";
import { outcomeOf, RpcError } from "../../runtime/rpc/errors.js";
import { FrameReader } from "../../runtime/rpc/frame-reader.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { Kind, readError, writeCall, writeNumbers, type CallHead } from "../../runtime/rpc/protocol/frame.js";
import { readWelcome, writeHello } from "../../runtime/rpc/protocol/handshake.js";
import type { Ticket } from "../../runtime/rpc/server/guard.js";
import { DEFAULT_SERVER_LIMITS } from "../../runtime/rpc/server/server-limits.js";
import { openServer } from "../../runtime/rpc/server/server.js";
import { Timers } from "../../runtime/rpc/timers.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import type { MemoryLink } from "./memory-transport.js";
import { descriptor, failureOf, methods, OutOfStock, pair, type Pair, type PairOptions } from "./test-service.js";

interface Timed extends Pair {
  readonly clock: ManualClock;
  /** Lets time pass until the promise is settled. */
  drive<T>(promise: Promise<T>): Promise<T>;
}

async function timed(options: PairOptions = {}): Promise<Timed> {
  const clock = new ManualClock();
  const it = await pair({ ...options, client: { clock, ...options.client }, server: { clock, ...options.server } });
  const drive = async <T>(promise: Promise<T>): Promise<T> => {
    let over = false;
    const done = (): void => void (over = true);
    promise.then(done, done);
    for (let step = 0; step < 400 && !over; step += 1) await clock.pass(50);
    return promise;
  };
  return { ...it, clock, drive, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
}

/** Cuts the connection instead of delivering the next frame of the kind. */
function cutAt(link: MemoryLink, kind: number): void {
  let armed = true;
  link.tamper = (frame) => {
    if (!armed || ((frame[0] ?? 0) & 15) !== kind) return frame;
    armed = false;
    link.abort();
    return undefined;
  };
}

it("a call that one instance refused before it began goes to another, if that one is gone", async () => {
  const unwell = (): never => {
    throw new RpcError({ code: "UNAVAILABLE", message: "not well" });
  };
  let ran = 0;
  await using it = await timed({ server: { authenticate: unwell } });
  const call = it.channel.unary(methods.once, 1);
  await settle();
  await it.server.close({ graceMs: 0 });
  const successor = await openServer([it.transport], { listen: "memory:test", services: [{ descriptor, handlers: { once: () => (ran += 1) } }] }, guards());
  expect(await it.drive(call)).toBe(1);
  expect(ran).toBe(1);
  await successor.close({ graceMs: 0 });
});

const first = (it: Pair): { client: MemoryLink; server: MemoryLink } => it.transport.connections[0] ?? expect.fail();

describe("a lost frame", () => {
  it("of the reply: the stored reply comes, and nothing runs again", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => ({ n: (ran += 1) }) } });
    cutAt(first(it).server, Kind.REPLY);
    expect(await it.drive(it.channel.unary(methods.once, 1))).toEqual({ n: 1 });
    expect(ran).toBe(1);
    expect(it.transport.connections).toHaveLength(2);
  });

  it("of the request: it runs once, when it is asked for again", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    cutAt(first(it).client, Kind.CALL);
    expect(await it.drive(it.channel.unary(methods.once, 1))).toBe(1);
    expect(ran).toBe(1);
  });

  it("of a declared error: the same error comes, with executed yes", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: {
        once: () => {
          ran += 1;
          throw new OutOfStock({ sku: "tea" });
        },
      },
    });
    cutAt(first(it).server, Kind.ERROR);
    const failure = await it.drive(failureOf(it.channel.unary(methods.once, 1)));
    expect(failure).toBeInstanceOf(OutOfStock);
    expect(failure).toMatchObject({ sku: "tea", executed: "yes", attempts: 2 });
    expect(ran).toBe(1);
  });

  it("while the handler runs: the second attempt waits for the first one's outcome", async () => {
    let ran = 0;
    const started = deferred();
    const release = deferred();
    let aborted = false;
    await using it = await timed({
      handlers: {
        once: async (_request, ctx) => {
          ran += 1;
          ctx.signal.addEventListener("abort", () => (aborted = true));
          started.resolve();
          await release.promise;
          return "kept";
        },
      },
    });
    const call = it.channel.unary(methods.once, 1);
    await started.promise;
    first(it).client.abort();
    await it.clock.pass(500);
    expect(it.transport.connections).toHaveLength(2);
    expect(aborted).toBe(false);
    release.resolve();
    expect(await it.drive(call)).toBe("kept");
    expect(ran).toBe(1);
  });
});

describe("another server instance", () => {
  it("is never sent a call that may have reached the first one", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    cutAt(first(it).server, Kind.REPLY);
    it.transport.broken = true;
    const call = failureOf(it.channel.unary(methods.once, 1));
    await settle();
    await it.server.close({ graceMs: 0 });
    it.transport.broken = false;
    const options = { listen: "memory:test", services: [{ descriptor, handlers: { once: () => (ran += 1) } }] };
    const successor = await openServer([it.transport], options, guards());
    const failure = await it.drive(call);
    expect(failure).toMatchObject({ code: "UNKNOWN", reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    expect(ran).toBe(1);
    expect(await it.drive(failure.settle())).toMatchObject({ executed: "unknown" });
    await successor.close({ graceMs: 0 });
  });

  it("is unreachable: the caller is told OUTCOME_UNKNOWN, not UNAVAILABLE", async () => {
    await using it = await timed({ handlers: { once: () => 1 } });
    cutAt(first(it).server, Kind.REPLY);
    it.transport.broken = true;
    const failure = await it.drive(failureOf(it.channel.unary(methods.once, 1, { timeoutMs: 1_000 })));
    expect(failure).toMatchObject({ code: "UNKNOWN", reason: "OUTCOME_UNKNOWN", executed: "unknown" });
  });

  it("has no records: one attempt only", async () => {
    const clock = new ManualClock();
    await using it = await timed();
    const plain = await openServer([it.transport], {
      listen: "memory:plain",
      services: [{ descriptor, handlers: { once: () => 1 } }],
    });
    const channel = await openChannel("memory:plain", [it.transport], { clock });
    cutAt(it.transport.connections[1]?.server ?? expect.fail(), Kind.REPLY);
    const failure = await failureOf(channel.unary(methods.once, 1));
    expect(failure).toMatchObject({ reason: "OUTCOME_UNKNOWN", attempts: 1 });
    await channel.close();
    await plain.close({ graceMs: 0 });
  });
});

describe("a refusal before the handler", () => {
  it("leaves no record: the same id is tried again, and runs", async () => {
    let ran = 0;
    const release = deferred();
    await using it = await timed({
      handlers: { put: () => release.promise, once: () => (ran += 1) },
      server: { limits: { maxRunning: 1, maxQueued: 0 } },
    });
    const blocking = it.channel.unary(methods.put, 1);
    await settle();
    const call = it.channel.unary(methods.once, 2);
    await settle();
    release.resolve();
    expect(await it.drive(call)).toBe(1);
    await blocking;
    expect(ran).toBe(1);
  });

  it("of a second attempt says nothing about the first: executed stays unknown, the code is none that others retry", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1), put: () => new Promise(() => {}) } });
    cutAt(first(it).client, Kind.CALL);
    const call = failureOf(it.channel.unary({ ...methods.once, attempts: 2 }, 1));
    await settle(2);
    const { server } = it.transport.connections[1] ?? expect.fail();
    // What the server says of the second attempt, whatever it is, comes as a refusal.
    server.tamper = (frame) =>
      frame[0] === Kind.REPLY ? Uint8Array.from([Kind.ERROR, frame[1] ?? 0, 8, 0, 0, 0, 0, 0]) : frame;
    expect(await it.drive(call)).toMatchObject({ reason: "OUTCOME_UNKNOWN", code: "UNKNOWN", executed: "unknown" });
    expect(ran).toBe(1);
  });

  it("answers a known id even when no new call comes in", async () => {
    const release = deferred();
    await using it = await timed({
      handlers: { once: (request) => request, put: () => release.promise },
      server: { limits: { maxRunning: 1, maxQueued: 0 } },
    });
    cutAt(first(it).server, Kind.REPLY);
    const call = it.channel.unary(methods.once, "mine");
    await settle(2);
    void it.channel.unary(methods.put, 1).catch(() => {});
    expect(await it.drive(call)).toBe("mine");
    release.resolve();
  });
});

describe("the outcome", () => {
  it("is recorded after the caller's deadline, and settle tells it, the same ever after", async () => {
    const release = deferred();
    await using it = await timed({
      handlers: {
        once: async () => {
          await release.promise;
          return "late";
        },
      },
    });
    const failure = await it.drive(failureOf(it.channel.unary(methods.once, 1, { timeoutMs: 200 })));
    expect(failure).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "unknown" });
    const settling = failure.settle();
    await it.clock.pass(200);
    release.resolve();
    expect(await it.drive(settling)).toEqual({ executed: "yes", value: "late" });
    expect(await failure.settle()).toEqual({ executed: "yes", value: "late" });
  });

  it("of a call that never came is settled for good: it did not run, and a late attempt does not either", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    const held: Uint8Array[] = [];
    const { client, server } = first(it);
    client.tamper = (frame) => {
      if ((frame[0] ?? 0) !== Kind.CALL) return frame;
      held.push(frame);
      return undefined;
    };
    const failure = await it.drive(failureOf(it.channel.unary(methods.once, 1, { timeoutMs: 200 })));
    expect(failure).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "unknown" });
    expect(await it.channel.settle(failure.callId)).toMatchObject({ executed: "no" });
    // The question went by another stream number; the call that was held back comes under one that is still free.
    const late = held[0] ?? expect.fail();
    late[1] = 100;
    server.take(late);
    await settle();
    expect(ran).toBe(0);
    expect(await failure.settle()).toMatchObject({ executed: "no" });
  });

  it("as a value: every case is a branch", async () => {
    await using it = await timed({
      handlers: {
        once: (request) => {
          if (request === "bad") throw new OutOfStock({ sku: "x" });
          return request;
        },
      },
    });
    expect(await outcomeOf(it.channel.unary(methods.once, 1))).toEqual({ executed: "yes", value: 1 });
    expect(await outcomeOf(it.channel.unary(methods.once, "bad"))).toMatchObject({ executed: "yes", error: { sku: "x" } });
    const aborted = it.channel.unary(methods.once, 1, { signal: AbortSignal.abort() });
    expect(await outcomeOf(aborted)).toMatchObject({ executed: "no", error: { code: "CANCELLED" } });
    cutAt(first(it).server, Kind.REPLY);
    const lost = await it.drive(outcomeOf(it.channel.unary({ ...methods.once, attempts: 1 }, 2)));
    if (lost.executed !== "unknown") return expect.fail(lost.executed);
    expect(await it.drive(lost.settle())).toEqual({ executed: "yes", value: 2 });
  });

  it("of an exception is INTERNAL, replayed as it was", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: {
        once: () => {
          ran += 1;
          throw new Error("secret");
        },
      },
    });
    cutAt(first(it).server, Kind.ERROR);
    const failure = await it.drive(failureOf(it.channel.unary(methods.once, 1)));
    expect(failure).toMatchObject({ code: "INTERNAL", executed: "yes" });
    expect(failure.message).not.toContain("secret");
    expect(ran).toBe(1);
  });
});

/** A client that numbers its calls itself. */
class RawCaller {
  readonly answers: { readonly kind: number; readonly stream: number; readonly bytes: Uint8Array }[] = [];
  readonly link: MemoryLink;
  readonly #writer = new FrameWriter();
  #methods: ReadonlyMap<string, { readonly number: number }> = new Map();
  #stream = 0;

  constructor(link: MemoryLink) {
    this.link = link;
  }

  static async connect(it: Pair, client = 9): Promise<RawCaller> {
    const link = await it.transport.dial("memory:test", { signal: new AbortController().signal, maxFrameBytes: 1 << 23 });
    const raw = new RawCaller(link as MemoryLink);
    raw.link.open({
      frame: (bytes) => {
        if (raw.#methods.size === 0) raw.#methods = readWelcome(bytes.slice()).methods;
        else raw.answers.push({ kind: bytes[0] ?? 0, stream: bytes[1] ?? 0, bytes: bytes.slice(2) });
      },
      drained: () => {},
      closed: () => {},
    });
    raw.link.send(
      writeHello({ ...DEFAULT_LIMITS, clientId: new Uint8Array(16).fill(client), boundInstance: undefined }),
    );
    await settle();
    return raw;
  }

  /** Sends a call and gives its stream. */
  call(name: string, head: Partial<CallHead>, payload = "1"): number {
    this.#stream += 1;
    const whole: CallHead = {
      stream: this.#stream,
      method: this.#methods.get(`test.Test/${name}`)?.number ?? 0,
      sequence: 1,
      ackBelow: 1,
      key: undefined,
      ageMs: 0,
      remainingMs: 1_000,
      attempt: 1,
      hop: 0,
      rank: 1,
      headers: undefined,
      ...head,
    };
    this.link.send(writeCall(this.#writer, whole, new TextEncoder().encode(payload)));
    return this.#stream;
  }

  answer(stream: number): { readonly kind: number; readonly text: string; readonly error: ReturnType<typeof readError> } {
    const found = this.answers.find((answer) => answer.stream === stream) ?? expect.fail(`no answer ${stream}`);
    const reader = new FrameReader(found.bytes);
    const error = found.kind === Kind.ERROR ? readError(reader) : (undefined as never);
    return { kind: found.kind, text: new TextDecoder().decode(found.bytes), error };
  }
}

describe("a server's records", () => {
  it("answer a second attempt byte for byte, on another connection too, and call another argument a mistake", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    const raw = await RawCaller.connect(it);
    const long = JSON.stringify("x".repeat(500));
    const one = raw.call("once", { sequence: 7 }, long);
    const again = raw.call("once", { sequence: 7, attempt: 2 }, long);
    const other = raw.call("once", { sequence: 7 }, long.replace("xx", "xy"));
    const elsewhere = raw.call("put", { sequence: 7 }, long);
    await settle();
    expect(raw.answer(one).text).toBe("1");
    expect(raw.answer(again).text).toBe("1");
    expect(raw.answer(other).error).toMatchObject({ reason: "CALL_ID_REUSED", executed: "no" });
    expect(raw.answer(elsewhere).kind).toBe(Kind.REPLY);
    const second = await RawCaller.connect(it);
    const replayed = second.call("once", { sequence: 7, attempt: 3 }, long);
    await settle();
    expect(second.answer(replayed).text).toBe("1");
    const stranger = await RawCaller.connect(it, 8);
    const fresh = stranger.call("once", { sequence: 7 }, long);
    await settle();
    expect(stranger.answer(fresh).text).toBe("2");
  });

  it("go when they are acknowledged, and what was acknowledged never runs again", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    const raw = await RawCaller.connect(it);
    raw.call("once", { sequence: 1 });
    raw.call("once", { sequence: 3, ackBelow: 3 });
    const late = raw.call("once", { sequence: 1, attempt: 2 });
    const never = raw.call("once", { sequence: 2, ackBelow: 1 });
    const kept = raw.call("once", { sequence: 3, ackBelow: 2, attempt: 2 });
    await settle();
    expect(ran).toBe(2);
    expect(raw.answer(late).error).toMatchObject({ reason: "STALE", executed: "unknown" });
    expect(raw.answer(never).error).toMatchObject({ reason: "STALE" });
    expect(raw.answer(kept).text).toBe("2");
    // However far the watermark jumps, the server does not count its way there.
    const far = raw.call("once", { sequence: Number.MAX_SAFE_INTEGER, ackBelow: Number.MAX_SAFE_INTEGER });
    await settle();
    expect(raw.answer(far).text).toBe("3");
  });

  it("are kept apart by principal", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: { once: () => (ran += 1) },
      server: { authenticate: () => ({ id: `user ${ran}` }) },
    });
    const raw = await RawCaller.connect(it);
    const ann = raw.call("once", { sequence: 5 });
    await settle();
    const bob = raw.call("once", { sequence: 5 });
    await settle();
    expect([raw.answer(ann).text, raw.answer(bob).text]).toEqual(["1", "2"]);
  });

  it.each([42, 42n, "42"])("are found again under one id, whatever else the principal holds: %s", async (id) => {
    let [ran, asked] = [0, 0];
    await using it = await timed({
      handlers: { once: () => (ran += 1) },
      server: { authenticate: () => ({ id, asked: (asked += 1) }) },
    });
    const raw = await RawCaller.connect(it);
    const one = raw.call("once", { sequence: 5 });
    await settle();
    const two = raw.call("once", { sequence: 5, attempt: 2 });
    await settle();
    expect([raw.answer(one).text, raw.answer(two).text]).toEqual(["1", "1"]);
    expect(asked).toBe(2);
  });

  it("do not keep an outcome beyond the limit, and say that the call ran", async () => {
    await using it = await timed({
      handlers: { once: () => "x".repeat(2_000) },
      server: { limits: { maxOutcomeBytes: 1_000 } },
    });
    const raw = await RawCaller.connect(it);
    const one = raw.call("once", { sequence: 1 });
    const two = raw.call("once", { sequence: 1, attempt: 2 });
    await settle();
    expect(raw.answer(one).kind).toBe(Kind.REPLY);
    expect(raw.answer(two).error).toMatchObject({ reason: "REPLY_NOT_RETAINED", executed: "yes", code: "DATA_LOSS" });
  });

  it("are kept for a client that came back, for as long as it is there", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    const raw = await RawCaller.connect(it);
    raw.call("once", { sequence: 1 });
    await settle();
    raw.link.abort();
    await settle();
    const back = await RawCaller.connect(it);
    back.call("once", { sequence: 2 });
    await settle();
    await it.clock.pass(2 * DEFAULT_SERVER_LIMITS.recordRetentionMs);
    const again = back.call("once", { sequence: 1, attempt: 2 });
    await settle();
    expect([back.answer(again).text, ran]).toEqual(["1", 2]);
  });

  it("give back once what they took, also of a call that is acknowledged while it waits and then given up", async () => {
    await using it = await timed({
      handlers: { echo: () => new Promise(() => {}) },
      server: { limits: { maxClientRecordBytes: 1_536 + 3 * 512, maxRunning: 1 } },
    });
    const raw = await RawCaller.connect(it);
    raw.call("echo", { remainingMs: 60_000 });
    let waiting = raw.call("once", { sequence: 1, remainingMs: 60_000 });
    for (let sequence = 2; sequence <= 20; sequence += 1) {
      const next = raw.call("once", { sequence, ackBelow: sequence, remainingMs: 60_000 });
      raw.link.send(writeNumbers(new FrameWriter(), Kind.CANCEL, waiting, CODE_NUMBERS.CANCELLED));
      waiting = next;
      await settle();
    }
    const more = Array.from({ length: 10 }, (_, at) => raw.call("once", { sequence: 100 + at, ackBelow: 20, remainingMs: 60_000 }));
    await settle();
    // Beside the client itself it has room for three, and one of them is the call that still waits.
    const refused = raw.answers.filter(({ kind, stream }) => kind === Kind.ERROR && more.includes(stream));
    expect(refused).toHaveLength(8);
  });

  it("keep an outcome of just as many bytes as they may", async () => {
    for (const [bytes, kept] of [[1_000, true], [1_001, false]] as const) {
      // In quotes, as JSON.
      await using it = await timed({ handlers: { once: () => "x".repeat(bytes - 2) }, server: { limits: { maxOutcomeBytes: 1_000 } } });
      const raw = await RawCaller.connect(it);
      raw.call("once", { sequence: 1 });
      await settle();
      const again = raw.call("once", { sequence: 1, attempt: 2 });
      await settle();
      expect(raw.answer(again).kind).toBe(kept ? Kind.REPLY : Kind.ERROR);
    }
  });

  it("never exceed their cap: new guarded calls are refused, others served, and acknowledgements make room", async () => {
    let ran = 0;
    await using it = await timed({
      handlers: { once: () => (ran += 1), echo: () => "served" },
      server: { limits: { maxClientRecordBytes: 1_536 + 3 * 512 } },
    });
    const raw = await RawCaller.connect(it);
    const calls = [1, 2, 3, 4, 5].map((sequence) => raw.call("once", { sequence }));
    const other = raw.call("echo", { sequence: 6 });
    await settle();
    const full = calls.map((stream) => raw.answer(stream)).filter(({ kind }) => kind === Kind.ERROR);
    expect(full).toHaveLength(5 - ran);
    expect(ran).toBeLessThanOrEqual(3);
    for (const { error } of full) expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
    expect(raw.answer(other).text).toBe('"served"');
    const next = raw.call("once", { sequence: 7, ackBelow: 7 });
    await settle();
    expect(raw.answer(next).kind).toBe(Kind.REPLY);
  });

  it("let four wait for a running call, and a fifth be told so", async () => {
    const release = deferred();
    await using it = await timed({ handlers: { once: () => release.promise.then(() => "all") } });
    const raw = await RawCaller.connect(it);
    const streams = Array.from({ length: 6 }, (_, attempt) => raw.call("once", { sequence: 1, attempt: attempt + 1 }));
    await settle();
    expect(raw.answer(streams[5] ?? 0).error).toMatchObject({ reason: "IN_PROGRESS", executed: "unknown" });
    release.resolve();
    await settle();
    for (const stream of streams.slice(0, 5)) expect(raw.answer(stream).text).toBe('"all"');
  });

  it("keep a call running while anyone waits for it, and abort it when the last one leaves", async () => {
    let aborted: unknown;
    await using it = await timed({
      handlers: {
        once: (_request, ctx) => {
          ctx.signal.addEventListener("abort", () => (aborted = ctx.signal.reason));
          return new Promise(() => {});
        },
      },
    });
    const raw = await RawCaller.connect(it);
    raw.call("once", { sequence: 1, remainingMs: 1_000 });
    raw.call("once", { sequence: 1, remainingMs: 2_000, attempt: 2 });
    await it.clock.pass(1_500);
    expect(aborted).toBeUndefined();
    await it.clock.pass(1_000);
    expect(aborted).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  it("go a while after the client's last connection, not before", async () => {
    let ran = 0;
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    const raw = await RawCaller.connect(it);
    raw.call("once", { sequence: 1 });
    await it.clock.pass(3_600_000);
    raw.call("once", { sequence: 1, attempt: 2 });
    await settle();
    expect(ran).toBe(1);
    raw.link.close();
    await it.clock.pass(500_000);
    const back = await RawCaller.connect(it);
    back.call("once", { sequence: 1, attempt: 3 });
    await settle();
    expect(ran).toBe(1);
    back.link.close();
    await it.clock.pass(700_000);
    expect(it.clock.pending).toBeLessThanOrEqual(2);
  });

  it("refuse a call under a key that this instance may have been too young to see", async () => {
    let ran = 0;
    const key = new Uint8Array(16).fill(3);
    await using it = await timed({ handlers: { once: () => (ran += 1) } });
    await it.clock.pass(10_000);
    const raw = await RawCaller.connect(it);
    const keyed = (ageMs: number, hop = 0, fill = 3): number =>
      raw.call("once", { sequence: 0, ackBelow: 0, key: key.slice().fill(fill), ageMs, attempt: hop > 0 ? 2 : 1, hop });
    const young = keyed(20_000);
    const near = keyed(9_500, 1);
    const old = keyed(100_000, 0, 4);
    const fine = keyed(5_000);
    const again = keyed(6_000, 1);
    await settle();
    for (const stream of [young, near]) {
      expect(raw.answer(stream).error).toMatchObject({ reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    }
    expect(raw.answer(old).error).toMatchObject({ reason: "STALE" });
    expect([raw.answer(fine).text, raw.answer(again).text]).toEqual(["1", "1"]);
    expect(ran).toBe(1);
  });
});

describe("a channel", () => {
  it("refuses a guarded call that may take longer than the server remembers", async () => {
    await using it = await timed();
    expect(await failureOf(it.channel.unary(methods.once, 1, { timeoutMs: 600_000 }))).toMatchObject({
      code: "FAILED_PRECONDITION",
      executed: "no",
      attempts: 0,
    });
    expect(await it.channel.unary(methods.echo, 1, { timeoutMs: 600_000 })).toBe(1);
  });

  it("does not acknowledge a call whose outcome is open, until it is settled or a minute has passed", async () => {
    const acks: number[] = [];
    await using it = await timed({ handlers: { once: (request) => request } });
    cutAt(first(it).server, Kind.REPLY);
    const failure = await it.drive(failureOf(it.channel.unary({ ...methods.once, attempts: 1 }, "lost")));
    const watch = async (): Promise<void> => {
      await it.drive(it.channel.unary(methods.once, "next"));
      const link = it.transport.connections.at(-1)?.client ?? expect.fail();
      const frame = link.sent.filter((bytes) => ((bytes[0] ?? 0) & 15) === Kind.CALL).at(-1) ?? expect.fail();
      acks.push((frame[3] ?? 0) - (frame[4] ?? 0));
    };
    await watch();
    expect(await it.drive(failure.settle())).toEqual({ executed: "yes", value: "lost" });
    await watch();
    const [open = 0, closed = 0] = acks;
    expect(open).toBe(1);
    expect(closed).toBeGreaterThan(1);
  });

  it("under lost connections at random runs nothing twice, and tells the truth", async () => {
    const seed = Number(globalThis.process?.env["SEED"] ?? 20261125);
    let state = seed;
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return state / 0x7fff_ffff;
    };
    const ran = new Map<number, number>();
    await using it = await timed({
      handlers: {
        once: async (request) => {
          const n = request as number;
          ran.set(n, (ran.get(n) ?? 0) + 1);
          if (n % 3 === 0) await settle(2);
          if (n % 7 === 0) throw new OutOfStock({ sku: String(n) });
          return n;
        },
      },
    });
    const shake = (): void => {
      for (const { client, server } of it.transport.connections) {
        for (const link of [client, server]) {
          link.tamper = (frame) => {
            const kind = (frame[0] ?? 0) & 15;
            if ((kind === Kind.CALL || kind === Kind.REPLY || kind === Kind.ERROR) && random() < 0.15) link.abort();
            return frame;
          };
        }
      }
    };
    for (let round = 0; round < 50; round += 1) {
      shake();
      const calls = [0, 1, 2].map((offset) => outcomeOf(it.channel.unary(methods.once, 3 * round + offset)));
      const outcomes = await it.drive(Promise.all(calls));
      for (const [offset, outcome] of outcomes.entries()) {
        const n = 3 * round + offset;
        const settled = outcome.executed === "unknown" ? await it.drive(outcome.settle()) : outcome;
        const times = ran.get(n) ?? 0;
        expect(times, `seed ${seed}: call ${n} ran ${times} times`).toBeLessThanOrEqual(1);
        if (settled.executed === "yes") expect(times, `seed ${seed}: call ${n} said yes`).toBe(1);
        if (settled.executed === "no") expect(times, `seed ${seed}: call ${n} said no`).toBe(0);
        if (settled.executed === "yes" && settled.error === undefined) expect(settled.value).toBe(n);
      }
    }
    await settle();
    expect([...ran.values()].every((times) => times === 1)).toBe(true);
  });

  it("names its failures by brand even with a question attached", async () => {
    await using it = await timed({ handlers: { once: () => new Promise(() => {}) } });
    const failure = await it.drive(failureOf(it.channel.unary(methods.once, 1, { timeoutMs: 100 })));
    expect(failure).toBeInstanceOf(RpcError);
    expect(Object.keys(failure)).not.toContain("question");
  });
});

it("nothing is kept of a caller whose only call within a call did not begin", () => {
  let emptied = 0;
  const timers = new Timers(new ManualClock());
  const records = new KeyedRecords(DEFAULT_SERVER_LIMITS, new ByteBudget(1 << 20), timers, -Infinity, () => (emptied += 1));
  let ticket: Ticket | undefined;
  const asker = { granted: (granted: Ticket) => void (ticket = granted), attached: () => {}, answered: () => {}, deserted: () => {} };
  const key = new Uint8Array(16).fill(1);
  records.claim({ method: methods.once, sequence: 0, key, ackBelow: 0, ageMs: 0, attempt: 1, hop: 0, payload: new Uint8Array() }, asker);
  expect(records.empty).toBe(false);
  ticket?.release({ kind: Kind.ERROR, payload: new Uint8Array([14, 0, 0, 0, 0, 0]) });
  expect([records.empty, emptied]).toEqual([true, 1]);
});
