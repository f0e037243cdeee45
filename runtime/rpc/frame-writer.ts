/**
 * Builds frames in slabs of memory, because an allocation of its own for each small frame would cost more than filling
 * it.
 */

/** The first slab, for connections that say little; each is twice the one before, up to the last. */
const FIRST_SLAB_BYTES = 1 << 10;
const LAST_SLAB_BYTES = 16 << 10;
const encoder = new TextEncoder();

/** The bytes of a varint at most: 5 below 2^32, 8 below 2^53. */
export const MAX_VARINT_BYTES = 8;

/**
 * A frame is begun with a bound on its size, written to, and taken by `finish`. Slabs are never reused: the link owns
 * the frame.
 */
export class FrameWriter {
  #slabBytes: number;
  #slab = new Uint8Array(0);
  #start = 0;
  #offset = 0;

  /** @param slabBytes how much is allocated at first. */
  constructor(slabBytes = FIRST_SLAB_BYTES) {
    this.#slabBytes = slabBytes;
  }

  /** @param bound at least the bytes that will be written until `finish`. */
  begin(bound: number): this {
    if (this.#slab.length - this.#offset < bound) {
      this.#slab = new Uint8Array(Math.max(bound, this.#slabBytes));
      this.#offset = 0;
      this.#slabBytes = Math.min(2 * this.#slabBytes, LAST_SLAB_BYTES);
    }
    this.#start = this.#offset;
    return this;
  }

  u8(value: number): this {
    this.#slab[this.#offset++] = value;
    return this;
  }

  /** @param value an integer from 0 to 2^53 - 1. */
  varint(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.#slab[this.#offset++] = rest > 0x7fff_ffff ? (rest % 0x80) | 0x80 : (rest & 0x7f) | 0x80;
      rest = rest > 0x7fff_ffff ? Math.floor(rest / 0x80) : rest >>> 7;
    }
    this.#slab[this.#offset++] = rest;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#slab.set(bytes, this.#offset);
    this.#offset += bytes.length;
    return this;
  }

  /** Bytes behind their length. */
  block(bytes: Uint8Array): this {
    return this.varint(bytes.length).bytes(bytes);
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#slab.buffer, this.#start, this.#offset - this.#start);
  }
}

/** Lone surrogates become U+FFFD: what travels as text here is read by people. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
