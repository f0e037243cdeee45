/**
 * Cuts a byte stream into frames: each is a u32 little-endian length, then that many bytes. A length of 0 is the goodbye, the last thing
 * that an orderly sender writes, so that a stream that just ends (a killed process, a cut cable) is told from one that was closed.
 */

/** Bytes of the length before each frame. */
export const PREFIX_BYTES = 4;
/** What the length of a goodbye says. */
export const GOODBYE = 0;

/** The least that is set aside for a frame that arrives in parts; more only as its bytes come. */
const FIRST_PART_BYTES = 4096;
/**
 * A part that is full grows to this many times what came, so that a peer's word alone reserves nothing. A smaller factor costs a third of
 * the speed of 4 MiB frames, for they are moved once more on the way.
 */
const GROWTH = 16;

/** Buffers of one size for frames that arrive in parts, used again: new memory costs more than to fill it. Only once some of the frame has come. */
const SPARE_BYTES = 72 << 10;
/** So many are kept for all links together. */
const MOST_SPARES = 32;
const spares: Uint8Array[] = [];

export interface FrameReceiver {
  /** The bytes are valid until the call returns. */
  frame(bytes: Uint8Array): void;
  goodbye(): void;
  /** The stream announced a frame beyond the limit and cannot be read any further. */
  tooLong(frameBytes: number): void;
}

export class FrameSplitter {
  readonly #maxFrameBytes: number;
  readonly #receiver: FrameReceiver;
  #stopped = false;
  /** A length that arrived in parts: its bytes so far, and how many. */
  #prefix = 0;
  #prefixBytes = 0;
  /** A frame that arrives in parts: its length (0: none), the bytes so far, and how many. */
  #frameBytes = 0;
  #part: Uint8Array = EMPTY;
  #partBytes = 0;

  constructor(maxFrameBytes: number, receiver: FrameReceiver) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#receiver = receiver;
  }

  /** Whether a frame has begun and is not complete. */
  get midway(): boolean {
    return this.#frameBytes > 0 || this.#prefixBytes > 0;
  }

  /** Nothing is delivered from now on, not even what is left of the chunk in hand. */
  stop(): void {
    this.#stopped = true;
    this.#part = EMPTY;
  }

  /** Delivers the frames that the chunk completes: whole ones as views of it, one that began earlier from a buffer of its own. */
  push(chunk: Uint8Array): void {
    const end = chunk.length;
    let at = 0;
    while (at < end && !this.#stopped) {
      if (this.#frameBytes > 0) {
        at = this.#continueFrame(chunk, at);
        continue;
      }
      if (this.#prefixBytes > 0 || end - at < PREFIX_BYTES) {
        this.#prefix |= chunk[at++]! << (8 * this.#prefixBytes);
        if (++this.#prefixBytes < PREFIX_BYTES) continue;
        this.#prefixBytes = 0;
      } else {
        this.#prefix = chunk[at]! | (chunk[at + 1]! << 8) | (chunk[at + 2]! << 16) | (chunk[at + 3]! << 24);
        at += PREFIX_BYTES;
      }
      const length = this.#prefix >>> 0;
      this.#prefix = 0;
      if (length === GOODBYE) {
        this.#stopped = true;
        this.#receiver.goodbye();
      } else if (length > this.#maxFrameBytes) {
        this.#stopped = true;
        this.#receiver.tooLong(length);
      } else if (end - at >= length) {
        this.#receiver.frame(new Uint8Array(chunk.buffer, chunk.byteOffset + at, length));
        at += length;
      } else {
        this.#frameBytes = length;
      }
    }
  }

  /** Takes what the chunk has of the frame that is being gathered, and returns where it stopped. */
  #continueFrame(chunk: Uint8Array, at: number): number {
    const missing = this.#frameBytes - this.#partBytes;
    const taken = Math.min(missing, chunk.length - at);
    const have = this.#partBytes + taken;
    if (this.#part === EMPTY && have >= FIRST_PART_BYTES && this.#frameBytes <= SPARE_BYTES) {
      this.#part = spares.pop() ?? new Uint8Array(SPARE_BYTES);
    }
    if (have > this.#part.length) {
      const grown = new Uint8Array(Math.min(this.#frameBytes, Math.max(FIRST_PART_BYTES, have * GROWTH)));
      grown.set(this.#part.subarray(0, this.#partBytes));
      this.#part = grown;
    }
    this.#part.set(taken === chunk.length ? chunk : chunk.subarray(at, at + taken), this.#partBytes);
    this.#partBytes = have;
    if (taken === missing) {
      const part = this.#part;
      this.#part = EMPTY;
      this.#frameBytes = 0;
      this.#partBytes = 0;
      this.#receiver.frame(part.length === have ? part : part.subarray(0, have));
      if (part.length === SPARE_BYTES && spares.length < MOST_SPARES) spares.push(part);
    }
    return at + taken;
  }
}

const EMPTY = new Uint8Array(0);
