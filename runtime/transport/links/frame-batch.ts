/**
 * Gathers the frames of one tick and writes them at its end, or earlier where they are many: small ones copied together into one buffer,
 * large ones as they are.
 */
import type { Writable } from "node:stream";
import { GOODBYE, PREFIX_BYTES } from "./frame-splitter.js";

/** Frames up to here are copied next to their neighbours; above, a copy costs more than a further entry of a writev. */
const COPIED_BYTES = 16 * 1024;

/**
 * So many frames leave before the end of their tick, then twice as many, and so on: the peer works on the first of them while the others
 * are made. More often is more system calls for nothing where both share a core (docs/performance.md).
 */
const EARLY_FRAMES = 32;

export class FrameBatch {
  readonly #stream: Writable;
  readonly #flushed: () => void;
  /** Frames, and of those in two parts the heads. */
  #frames: Uint8Array[] = [];
  /** At the index of its head. */
  #bodies: (Uint8Array | undefined)[] = [];
  #bytes = 0;
  /** Bytes of the prefixes and of the frames that are copied. */
  #copiedBytes = 0;
  #scheduled = false;
  /** How many frames do not wait for the end of this tick. */
  #early = EARLY_FRAMES;

  /** `flushed` is called after each write at the end of a tick. */
  constructor(stream: Writable, flushed: () => void) {
    this.#stream = stream;
    this.#flushed = flushed;
  }

  /** Bytes gathered and not yet written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param body the second part of the frame: written as it is, whatever its length. */
  add(frame: Uint8Array, body?: Uint8Array): void {
    const length = frame.length;
    if (body !== undefined) {
      this.#bodies[this.#frames.length] = body;
      this.#bytes += body.length;
    }
    this.#frames.push(frame);
    this.#bytes += PREFIX_BYTES + length;
    this.#copiedBytes += length <= COPIED_BYTES ? PREFIX_BYTES + length : PREFIX_BYTES;
    if (this.#frames.length === this.#early) {
      this.#early *= 2;
      this.#flush();
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      // After the promises of this tick, so that what they send leaves with it; queueMicrotask would run among them (measured: a tenth slower).
      process.nextTick(this.#flushScheduled);
    }
  }

  /** Writes what was gathered, then a goodbye, then ends the stream. */
  end(): void {
    this.#flush();
    this.#stream.end(Buffer.alloc(PREFIX_BYTES, GOODBYE));
  }

  /** Forgets what was gathered. */
  drop(): void {
    this.#frames = [];
    if (this.#bodies.length > 0) this.#bodies = [];
    this.#bytes = 0;
    this.#copiedBytes = 0;
  }

  readonly #flushScheduled = (): void => {
    this.#scheduled = false;
    this.#early = EARLY_FRAMES;
    this.#flush();
    this.#flushed();
  };

  #flush(): void {
    const frames = this.#frames;
    const bodies = this.#bodies;
    if (frames.length === 0) return;
    const stream = this.#stream;
    const copied = Buffer.allocUnsafe(this.#copiedBytes);
    const several = this.#copiedBytes < this.#bytes;
    this.drop();
    if (several) stream.cork();
    let written = 0;
    let at = 0;
    for (let index = 0; index < frames.length; index += 1) {
      const frame = frames[index]!;
      const body = index < bodies.length ? bodies[index] : undefined;
      const length = frame.length;
      const whole = body === undefined ? length : length + body.length;
      copied[at] = whole;
      copied[at + 1] = whole >>> 8;
      copied[at + 2] = whole >>> 16;
      copied[at + 3] = whole >>> 24;
      at += PREFIX_BYTES;
      if (length <= COPIED_BYTES) {
        copied.set(frame, at);
        at += length;
      } else {
        stream.write(copied.subarray(written, at));
        stream.write(frame);
        written = at;
      }
      if (body === undefined) continue;
      if (written < at) stream.write(copied.subarray(written, at));
      stream.write(body);
      written = at;
    }
    if (written === 0) stream.write(copied);
    else if (written < at) stream.write(copied.subarray(written, at));
    if (several) stream.uncork();
  }
}
