/** Frames come out of the byte stream whatever pieces it arrives in. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameSplitter } from "../../runtime/transport/links/frame-splitter.js";

function encoded(...frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(frames.flatMap((frame) => [prefix(frame.length), frame]));
}

function prefix(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}

function recorded(maxFrameBytes = 100_000): { splitter: FrameSplitter; frames: Uint8Array[]; events: string[] } {
  const frames: Uint8Array[] = [];
  const events: string[] = [];
  const splitter = new FrameSplitter(maxFrameBytes, {
    frame: (bytes) => frames.push(bytes.slice()),
    goodbye: () => events.push("goodbye"),
    tooLong: (length) => events.push(`too long: ${length}`),
  });
  return { splitter, frames, events };
}

describe("the frame splitter", () => {
  it("gives the frames back from any cut of the stream", () => {
    const frameBytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 70_000 }).map((length) => new Uint8Array(length).fill(length)),
    );
    fc.assert(
      fc.property(
        fc.array(frameBytes, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 20 }),
        (sent, cuts) => {
          const { splitter, frames, events } = recorded();
          const stream = Buffer.concat([encoded(...sent), prefix(0)]);
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const length = cuts[turn % cuts.length] ?? 1;
            splitter.push(stream.subarray(at, at + length));
            at += length;
          }
          expect(frames.map((frame) => Buffer.from(frame).toString("base64"))).toEqual(
            sent.map((frame) => Buffer.from(frame).toString("base64")),
          );
          expect(events).toEqual(["goodbye"]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("takes a stream byte by byte", () => {
    const { splitter, frames } = recorded();
    for (const byte of encoded(Uint8Array.of(1, 2, 3), new Uint8Array(300).fill(9))) splitter.push(Uint8Array.of(byte));
    expect(frames).toEqual([Uint8Array.of(1, 2, 3), new Uint8Array(300).fill(9)]);
  });

  it("delivers whole frames without a copy, and never as a Buffer, whose slice would not copy either", () => {
    const chunk = Buffer.from(encoded(Uint8Array.of(1, 2, 3)));
    const seen: Uint8Array[] = [];
    new FrameSplitter(100, { frame: (bytes) => seen.push(bytes), goodbye: () => {}, tooLong: () => {} }).push(chunk);
    expect(seen[0]?.buffer).toBe(chunk.buffer);
    expect(Buffer.isBuffer(seen[0])).toBe(false);
  });

  it("reads lengths as unsigned, and refuses one beyond the limit before its first byte", () => {
    for (const [length, limit] of [
      [0xffff_ffff, 1000],
      [0x8000_0000, 0x7fff_ffff],
      [1001, 1000],
    ] as const) {
      const { splitter, frames, events } = recorded(limit);
      splitter.push(prefix(length));
      splitter.push(encoded(Uint8Array.of(1)));
      expect(events).toEqual([`too long: ${length}`]);
      expect(frames).toEqual([]);
    }
  });

  it("reserves no more than 16 times what came, whatever the length says", () => {
    const limit = 1024 * 1024 * 1024;
    const splitters = Array.from({ length: 500 }, () => recorded(limit).splitter);
    const before = process.memoryUsage().arrayBuffers;
    for (const splitter of splitters) splitter.push(Buffer.concat([prefix(limit), Uint8Array.of(1)]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500 * 8192);
  });

  it("stops where it is told to, within a chunk", () => {
    const frames: number[] = [];
    const splitter: FrameSplitter = new FrameSplitter(100, {
      frame: (bytes) => {
        frames.push(bytes[0] ?? 0);
        if (frames.length === 2) splitter.stop();
      },
      goodbye: () => frames.push(-1),
      tooLong: () => frames.push(-2),
    });
    splitter.push(Buffer.concat([encoded(Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)), prefix(0)]));
    splitter.push(encoded(Uint8Array.of(4)));
    expect(frames).toEqual([1, 2]);
  });
});
