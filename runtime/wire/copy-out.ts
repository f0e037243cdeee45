/** Where the bytes of an encoded value come to stand: a copy, which belongs to the caller. */

/** Up to this many bytes V8 holds a typed array's content within the object, at no extra cost. */
const WITHIN_OBJECT = 64;

/**
 * From there on every array has memory of its own, which costs more than to encode a small message; so values up to
 * this many bytes share pieces of memory, as Node's own small buffers do.
 */
const SHARED = 2048;
const PIECE = 16 << 10;

let piece = new Uint8Array(0);
let used = 0;

/** A copy of the bytes from `from` to `to`. No other value has them; its `buffer` may hold other values' beside them. */
export function copyOut(
  bytes: Uint8Array<ArrayBuffer>,
  from: number,
  to: number,
): Uint8Array<ArrayBuffer> {
  const length = to - from;
  if (length <= WITHIN_OBJECT || length > SHARED) return bytes.slice(from, to);
  if (length > piece.length - used) {
    piece = new Uint8Array(PIECE);
    used = 0;
  }
  const copy = new Uint8Array(piece.buffer, used, length);
  used += length;
  copy.set(bytes.subarray(from, to));
  return copy;
}
