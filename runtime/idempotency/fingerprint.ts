/**
 * What a record keeps of a call's arguments, to notice an id that comes back with others. It guards against mistakes:
 * who may ask under an id is the principal's affair, so it need not withstand someone who makes two arguments alike.
 */
import { sameBytes } from "../wire/same-bytes.js";

/** Arguments up to here are kept as they are. */
const MAX_KEPT_BYTES = 64;

/** The bytes themselves, or their MurmurHash3 (x86, 128 bits). */
export function fingerprintOf(payload: Uint8Array): Uint8Array {
  return payload.length <= MAX_KEPT_BYTES ? payload.slice() : hash(payload);
}

export function hasFingerprint(payload: Uint8Array, fingerprint: Uint8Array): boolean {
  return sameBytes(payload.length <= MAX_KEPT_BYTES ? payload : hash(payload), fingerprint);
}

const C1 = 0x239b_961b;
const C2 = 0xab0e_9789 | 0;
const C3 = 0x38b3_4ae5;
const C4 = 0xa1e3_8b93 | 0;
const BLOCK_BYTES = 16;

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

function mix(x: number, by: number, first: number, second: number): number {
  return Math.imul(rotate(Math.imul(x, first), by), second);
}

function finish(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}

function hash(bytes: Uint8Array): Uint8Array {
  const tail = new Uint8Array(BLOCK_BYTES);
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  tail.set(bytes.subarray(whole));
  let [a, b, c, d] = [0, 0, 0, 0];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < whole; at += BLOCK_BYTES) {
    a = (Math.imul(rotate(a ^ mix(view.getInt32(at, true), 15, C1, C2), 19) + b, 5) + 0x561c_cd1b) | 0;
    b = (Math.imul(rotate(b ^ mix(view.getInt32(at + 4, true), 16, C2, C3), 17) + c, 5) + 0x0bca_a747) | 0;
    c = (Math.imul(rotate(c ^ mix(view.getInt32(at + 8, true), 17, C3, C4), 15) + d, 5) + 0x96cd_1c35) | 0;
    d = (Math.imul(rotate(d ^ mix(view.getInt32(at + 12, true), 18, C4, C1), 13) + a, 5) + 0x32ac_3b17) | 0;
  }
  const rest = new DataView(tail.buffer);
  a ^= mix(rest.getInt32(0, true), 15, C1, C2) ^ bytes.length;
  b ^= mix(rest.getInt32(4, true), 16, C2, C3) ^ bytes.length;
  c ^= mix(rest.getInt32(8, true), 17, C3, C4) ^ bytes.length;
  d ^= mix(rest.getInt32(12, true), 18, C4, C1) ^ bytes.length;
  a = (a + b + c + d) | 0;
  [b, c, d] = [b + a, c + a, d + a];
  a = finish(a);
  [b, c, d] = [finish(b), finish(c), finish(d)];
  a = (a + b + c + d) | 0;
  const result = new Uint8Array(BLOCK_BYTES);
  const out = new DataView(result.buffer);
  [a, b + a, c + a, d + a].forEach((word, index) => out.setInt32(4 * index, word, true));
  return result;
}
