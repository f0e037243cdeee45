/** Gathers the frames of one tick into messages: each frame behind its length, small ones copied together, large ones as they are. */
import { PREFIX_BYTES } from "./frame-splitter.js";

/** Frames up to here are copied next to their neighbours; above, a copy costs more than a further message. */
const COPIED_BYTES = 16 * 1024;

/** A message of several frames is not longer than this, so that a receiver can bound its messages by its frames. */
export const BATCH_BYTES = 128 * 1024;

export class MessageBatch {
  #frames: Uint8Array[] = [];
  #bytes = 0;

  /** Bytes gathered and not yet taken. */
  get bytes(): number {
    return this.#bytes;
  }

  add(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#bytes += PREFIX_BYTES + frame.length;
  }

  drop(): void {
    this.#frames = [];
    this.#bytes = 0;
  }

  /** Hands each message over, and forgets the frames. */
  take(send: (message: Uint8Array) => void): void {
    const frames = this.#frames;
    let left = this.#bytes;
    this.drop();
    let message = new Uint8Array(Math.min(left, BATCH_BYTES));
    let at = 0;
    const flush = (): void => {
      if (at > 0) send(message.subarray(0, at));
      message = new Uint8Array(Math.min(left, BATCH_BYTES));
      at = 0;
    };
    for (const frame of frames) {
      const { length } = frame;
      const copied = length <= COPIED_BYTES;
      if (at + PREFIX_BYTES + (copied ? length : 0) > message.length) flush();
      message[at] = length;
      message[at + 1] = length >>> 8;
      message[at + 2] = length >>> 16;
      message[at + 3] = length >>> 24;
      at += PREFIX_BYTES;
      if (copied) {
        message.set(frame, at);
        at += length;
      }
      left -= PREFIX_BYTES + length;
      if (copied) continue;
      flush();
      send(frame);
    }
    if (at > 0) send(message.subarray(0, at));
  }
}
