/**
 * Pieces of memory that small values share, as Node's own small buffers do. An `ArrayBuffer` of its own costs more than
 * to encode a message: V8 takes 4 us and more of a thread's and its collector's time for one, whatever its size.
 */

/** Up to this many bytes V8 holds a typed array's content within the object: memory of its own, at no extra cost. */
export const WITHIN_OBJECT = 64;

const SMALLEST = 8 << 10;
const SIXTEEN = 64 << 10;
const LARGEST = 1 << 20;
/**
 * Up to this many bytes a value shares a piece: at least four fit into one. Large values share as well, because glibc
 * gives a block of less than 128 KiB back to the kernel as soon as it is free, and each page that comes anew costs.
 */
export const SHARED = LARGEST / 4;

/** Memory for 16 values of this length, or for four large ones: who keeps one of them keeps that much alive. */
export function newPiece(length: number): Uint8Array<ArrayBuffer> {
  const shared = Math.max(4 * length, Math.min(SIXTEEN, 16 * length));
  return new Uint8Array(Math.min(LARGEST, Math.max(SMALLEST, shared)));
}

/** Node's, Bun's and Deno's way to memory that is not filled with zeros first. */
const allocate = (globalThis as { Buffer?: { allocUnsafeSlow?(length: number): { readonly buffer: ArrayBuffer } } }).Buffer
  ?.allocUnsafeSlow;

/** Memory of its own for one large value, all of which will be written. */
export function newMemory(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(allocate === undefined ? new ArrayBuffer(length) : allocate(length).buffer, 0, length);
}

/** Where bytes are free, at a multiple of eight: in `buffer` from `offset` on. */
export interface Room {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
}

/** Memory for values that are kept about as long as one another. No two have the same, but they share buffers. */
export class Pieces {
  #piece = new Uint8Array(0);
  #used = 0;

  /** For more than `WITHIN_OBJECT` bytes. */
  room(length: number): Room {
    if (length > SHARED) return { buffer: new ArrayBuffer(length), offset: 0 };
    // A piece that was transferred to another thread has no length.
    if (length > this.#piece.length - this.#used) {
      this.#piece = newPiece(length);
      this.#used = 0;
    }
    const offset = this.#used;
    this.#used += (length + 7) & ~7;
    return { buffer: this.#piece.buffer, offset };
  }

  /** A copy of the bytes from `from` to `to`. */
  copyOf(bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array<ArrayBuffer> {
    const length = to - from;
    if (length <= WITHIN_OBJECT) {
      const copy = new Uint8Array(length);
      for (let i = 0; i < length; i++) copy[i] = bytes[from + i] as number;
      return copy;
    }
    const { buffer, offset } = this.room(length);
    const copy = new Uint8Array(buffer, offset, length);
    copy.set(bytes.subarray(from, to));
    return copy;
  }
}

/** What is decoded. */
export const decoded = new Pieces();
