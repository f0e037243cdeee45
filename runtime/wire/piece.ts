/**
 * Pieces of memory that small values share, as Node's own small buffers do. An `ArrayBuffer` of its own costs more than
 * to encode a message: V8 takes 4 us and more of a thread's and its collector's time for one, whatever its size.
 */

/** Up to this many bytes V8 holds a typed array's content within the object: memory of its own, at no extra cost. */
export const WITHIN_OBJECT = 64;

const SMALLEST = 8 << 10;
const LARGEST = 64 << 10;
/** Up to this many bytes a value shares a piece: at least two fit into one. */
export const SHARED = LARGEST / 2;

/** Memory for some 16 values of this length: who keeps one of them keeps that much alive. */
export function newPiece(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Math.min(LARGEST, Math.max(SMALLEST, 16 * length)));
}

let piece = new Uint8Array(0);
let used = 0;

/** Where `length` bytes are free, at a multiple of eight: in `buffer` from `offset` on. */
export interface Room {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
}

/** Memory for what is decoded, of more than `WITHIN_OBJECT` bytes. No other value has it; its buffer may hold others. */
export function shareRoom(length: number): Room {
  if (length > SHARED) return { buffer: new ArrayBuffer(length), offset: 0 };
  // A piece that was transferred to another thread has no length.
  if (length > piece.length - used) {
    piece = newPiece(length);
    used = 0;
  }
  const offset = used;
  used += (length + 7) & ~7;
  return { buffer: piece.buffer, offset };
}

/** A copy of the bytes from `from` to `to`, in memory that no other value has; its buffer may hold others. */
export function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  const length = to - from;
  if (length <= WITHIN_OBJECT) {
    const copy = new Uint8Array(length);
    for (let i = 0; i < length; i++) copy[i] = bytes[from + i] as number;
    return copy;
  }
  const { buffer, offset } = shareRoom(length);
  const copy = new Uint8Array(buffer, offset, length);
  copy.set(bytes.subarray(from, to));
  return copy;
}
