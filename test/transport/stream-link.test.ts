/** What the link over a byte stream does when time runs out, on a stream whose clock the test holds. */
import { Duplex } from "node:stream";
import { expect, it } from "vitest";
import { StreamLink } from "../../runtime/transport/stream-link.js";
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
