/** Long frames go in pieces: others pass them, nothing is lost, mixed up or overtaken within a call, and who is cut off knows what cannot have begun. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader } from "../../runtime/rpc/frame-reader.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { Kind } from "../../runtime/rpc/protocol/frame.js";
import { PieceReceiver, PieceSender } from "../../runtime/rpc/protocol/pieces.js";
import { ManualClock, settle } from "./manual-clock.js";
import { collect, failureOf, methods, pair, type PairOptions } from "./test-service.js";

const LIMITS = { pieceBytes: 64 };
const small: PairOptions = { server: { limits: LIMITS }, client: { limits: LIMITS } };
const text = (length: number): string => "x".repeat(length);

describe("frames in pieces", () => {
  it("arrive whole and in the order of their stream, whatever passes them and whenever the path stops", () => {
    const steps = fc.array(fc.oneof(
      fc.record({ send: fc.record({ stream: fc.integer({ min: 1, max: 4 }), length: fc.integer({ min: 3, max: 400 }) }) }),
      fc.record({ take: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ congested: fc.boolean() }),
    ), { maxLength: 60 });
    fc.assert(fc.property(steps, (list) => {
      const wire: Uint8Array[] = [];
      const outlet = { congested: false, send: (frame: Uint8Array) => void wire.push(frame.slice()) };
      const sender = new PieceSender(outlet, new FrameWriter(), 50, new ManualClock());
      const receiver = new PieceReceiver();
      const sent = new Map<number, string[]>();
      const got = new Map<number, string[]>();
      const arrived = (frame: Uint8Array): void => {
        const stream = frame[1] ?? 0;
        got.set(stream, [...(got.get(stream) ?? []), frame.join()]);
      };
      let serial = 0;
      const take = (): void => {
        const frame = wire.shift();
        if (frame === undefined) return;
        if (frame[0] !== Kind.PIECE) return arrived(frame);
        const reader = new FrameReader(frame);
        reader.u8();
        const whole = receiver.take(reader.varint(), reader, 1_000);
        sender.taken(1);
        if (whole !== undefined) arrived(whole);
      };
      for (const step of list) {
        if ("send" in step) {
          const { stream, length } = step.send;
          const frame = new Uint8Array(length).fill((serial += 1));
          frame[0] = Kind.ITEM;
          frame[1] = stream;
          sent.set(stream, [...(sent.get(stream) ?? []), frame.join()]);
          if (length > 50) sender.add(stream, frame.subarray(0, 2), frame.subarray(2));
          else if (!sender.follow(stream, frame)) outlet.send(frame);
        } else if ("take" in step) {
          for (let n = step.take; n > 0; n -= 1) take();
        } else {
          outlet.congested = step.congested;
          if (!step.congested) sender.proceed();
        }
      }
      outlet.congested = false;
      sender.proceed();
      while (wire.length > 0) take();
      expect(sender.idle).toBe(true);
      expect(got).toEqual(sent);
    }), { numRuns: 500 });
  });

  it("let a small call pass, and its answer", async () => {
    await using it = await pair(small);
    const order: string[] = [];
    const long = it.channel.unary(methods.echo, text(100_000)).then((answer) => (order.push("long"), answer));
    await settle(2);
    const short = it.channel.unary(methods.echo, "short").then(() => order.push("short"));
    expect(await long).toBe(text(100_000));
    await short;
    expect(order).toEqual(["short", "long"]);
  });

  it("carry calls and streams of all lengths at once", async () => {
    await using it = await pair(small);
    const lengths = Array.from({ length: 60 }, (_, n) => (n * n * 7) % 3_000);
    const calls = lengths.map((length) => it.channel.unary(methods.once, text(length)));
    const items = collect(it.channel.serverStream(methods.count, { to: 30, text: text(700) }));
    const chat = collect(it.channel.duplex(methods.chat, lengths.map(text)));
    expect((await Promise.all(calls)).map((answer) => (answer as string).length)).toEqual(lengths);
    expect((await items).map(({ n, text: body }) => [n, body?.length])).toEqual(Array.from({ length: 30 }, (_, n) => [n + 1, 700]));
    expect(await chat).toEqual(lengths.map((length) => `re: ${text(length)}`));
  });

  it("end with an error of a declared kind, too", async () => {
    await using it = await pair({ ...small, handlers: { echo: () => { throw new RangeError(text(500)); } } });
    expect((await failureOf(it.channel.unary(methods.echo, 1))).code).toBe("INTERNAL");
  });

  it("are not begun where the connection broke before the last piece: the call is tried again", async () => {
    let runs = 0;
    await using it = await pair({ ...small, handlers: { once: (request) => ((runs += 1), request) } });
    const [connection] = it.transport.connections;
    let pieces = 0;
    connection!.client.tamper = (frame) => {
      if ((frame[0]! & 15) === Kind.PIECE && (pieces += 1) === 5) {
        connection!.client.cut();
        connection!.server.cut();
      }
      return frame;
    };
    expect(await it.channel.unary(methods.once, text(5_000))).toBe(text(5_000));
    expect(runs).toBe(1);
    expect(it.transport.connections.length).toBe(2);
  });

  it("have surely not begun where no connection comes back either", async () => {
    let runs = 0;
    await using it = await pair({ ...small, handlers: { once: (request) => ((runs += 1), request) } });
    const [connection] = it.transport.connections;
    let pieces = 0;
    connection!.client.tamper = (frame) => {
      if ((frame[0]! & 15) === Kind.PIECE && (pieces += 1) === 5) {
        it.transport.broken = true;
        connection!.client.cut();
        connection!.server.cut();
      }
      return frame;
    };
    const failure = await failureOf(it.channel.unary(methods.once, text(200_000), { timeoutMs: 100 }));
    expect([failure.code, failure.executed, runs]).toEqual(["UNAVAILABLE", "no", 0]);
  });

  it("are refused where the server announced its end before the last piece", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await using it = await pair({ ...small, handlers: { put: async () => held } });
    const running = it.channel.unary(methods.put, 1);
    await settle();
    const [connection] = it.transport.connections;
    let pieces = 0;
    let closing: Promise<void> | undefined;
    connection!.client.tamper = (frame) => {
      if ((frame[0]! & 15) === Kind.PIECE && (pieces += 1) === 3) closing = it.server.close({ graceMs: 5_000 });
      return frame;
    };
    const failure = await failureOf(it.channel.unary(methods.once, text(5_000), { timeoutMs: 500 }));
    expect(failure.executed).toBe("no");
    release();
    await running;
    await closing;
  });

  it("reach a client whose server is closing to the last piece", async () => {
    await using it = await pair({ ...small, handlers: { echo: () => text(50_000) } });
    const answer = it.channel.unary(methods.echo, 1);
    await settle(1);
    const closing = it.server.close({ graceMs: 5_000 });
    expect(await answer).toBe(text(50_000));
    await closing;
  });
});
