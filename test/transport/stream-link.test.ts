/** What the link over a byte stream does when time runs out, on a stream whose clock the test holds. */
import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { FrameSplitter } from "../../runtime/transport/links/frame-splitter.js";
import { StreamLink } from "../../runtime/transport/links/stream-link.js";
import { Recorder } from "./recorder.js";

/** A peer that takes every byte and never answers. */
class SilentStream extends Duplex {
  readonly written: Uint8Array[] = [];
  expire: () => void = () => {};

  setTimeout(_ms: number, expired: () => void): this {
    this.expire = expired;
    return this;
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }
}

it("gives up on a peer that does not answer the goodbye, and says that frames may be lost", async () => {
  const stream = new SilentStream({ allowHalfOpen: true });
  const link = new StreamLink(stream, {
    peer: { transport: "test", address: "silent" },
    maxFrameBytes: 10,
    destroy: () => stream.destroy(),
  });
  const recorder = new Recorder(link);
  link.send(Uint8Array.of(7));
  link.close();
  await new Promise((resolve) => stream.once("finish", resolve));
  expect(Buffer.concat(stream.written)).toEqual(Buffer.of(1, 0, 0, 0, 7, 0, 0, 0, 0));
  expect(recorder.ends).toEqual([]);
  stream.expire();
  expect((await recorder.end())?.message).toBe("silent: the peer did not answer the goodbye within 10 s");
  expect(stream.destroyed).toBe(true);
});

it("gathers the frames of a tick, and lets the first of many leave before its end", async () => {
  const stream = new SilentStream({ allowHalfOpen: true });
  const link = new StreamLink(stream, { peer: { transport: "test", address: "many" }, maxFrameBytes: 10, destroy: () => stream.destroy() });
  const splitter = new FrameSplitter(10, { frame: (bytes) => received.push([...bytes]), goodbye: () => {}, tooLong: () => {} });
  const received: number[][] = [];
  const sent = Array.from({ length: 1_000 }, (_, index) => [index & 0xff, index >>> 8]);
  for (const [index, bytes] of sent.entries()) {
    link.send(Uint8Array.from(bytes));
    if (index === 7) expect(stream.written).toEqual([]);
  }
  // In time for a peer that is free, and in few enough writes for one that is not.
  expect(stream.written.length).toBeGreaterThan(1);
  expect(stream.written.length).toBeLessThan(10);
  await new Promise((resolve) => setImmediate(resolve));
  splitter.push(Buffer.concat(stream.written));
  expect(received).toEqual(sent);
  stream.destroy();
});

it("sends a frame in parts as it would in one, among others and in any sizes", async () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 16_380, max: 16_390 }), fc.integer({ min: 1, max: 90_000 }));
  const frames = fc.array(fc.record({ head: size, body: fc.option(size), waits: fc.boolean() }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(frames, async (script) => {
      const stream = new SilentStream({ allowHalfOpen: true });
      const link = new StreamLink(stream, { peer: { transport: "test", address: "parts" }, maxFrameBytes: 10, destroy: () => stream.destroy() });
      const sent: Buffer[] = [];
      for (const [index, { head, body, waits }] of script.entries()) {
        const parts = [Buffer.alloc(head, index + 1), Buffer.alloc(body ?? 0, index + 101)] as const;
        if (body === null) link.send(parts[0]);
        else link.sendInParts(...parts);
        sent.push(Buffer.concat(parts));
        if (waits) await new Promise((resolve) => setImmediate(resolve));
      }
      await new Promise((resolve) => setImmediate(resolve));
      const received: Buffer[] = [];
      const splitter = new FrameSplitter(1 << 20, {
        frame: (bytes) => received.push(Buffer.from(bytes)),
        goodbye: () => expect.fail(),
        tooLong: () => expect.fail(),
      });
      for (const chunk of stream.written) splitter.push(chunk);
      expect(received.length).toBe(sent.length);
      expect(received.every((frame, index) => frame.equals(sent[index] ?? frame.subarray(1)))).toBe(true);
      stream.destroy();
    }),
    { numRuns: 60 },
  );
});
