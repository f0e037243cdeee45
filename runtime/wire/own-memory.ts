/**
 * Buffers that one received message has for itself. The first byte string above `SHARED` bytes that is decoded from one is a view of it,
 * which saves the copy and the memory for that.
 */
import { SHARED } from "./piece.js";

const owned = new WeakSet<ArrayBufferLike>();

/** Whoever had the buffer gives it up to the message in it: nobody else reads, writes or reuses it from now on. */
export function giveUp(buffer: ArrayBufferLike): void {
  // Shared memory is never one's own, for a peer in another thread may write to it. Of small messages copies are cheaper than the note.
  if (buffer.byteLength > SHARED && buffer instanceof ArrayBuffer) owned.add(buffer);
}

/** Whether a value may keep the buffer. True once: a second value must not share its bytes with the first. */
export function takeOver(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return owned.delete(buffer);
}

/** The bytes for whoever keeps them beyond the call that they came with: a copy, unless their memory is theirs anyway. */
export function kept(bytes: Uint8Array): Uint8Array {
  if (bytes.length > SHARED && owned.has(bytes.buffer)) return bytes;
  const copy = bytes.slice();
  giveUp(copy.buffer);
  return copy;
}
