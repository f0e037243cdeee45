/** Keys that an application gives its calls, and may keep where they survive it: UUIDs of version 7, which know their age. */
import { ID_BYTES } from "../call-id.js";
import { systemClock } from "../clock.js";
import { systemRandom, type Random } from "../random.js";

/** A key from further ahead than this is not believed: no clock is that wrong. */
const MAX_SKEW_MS = 300_000;
const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const TIME_BYTES = 6;

/**
 * A key for one call: write it down before the call is made, and give it again when the call is repeated, by whichever
 * process. It holds for as long as the server's store keeps completions.
 * @param wall milliseconds since 1970. Default: now.
 */
export function newIdempotencyKey(wall: number = systemClock.wall(), random: Random = systemRandom): string {
  const bytes = random.bytes(ID_BYTES);
  for (let at = TIME_BYTES - 1, rest = Math.floor(wall); at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export interface IdempotencyKey {
  readonly bytes: Uint8Array;
  /** Milliseconds. */
  readonly ageMs: number;
}

/**
 * @param wall milliseconds since 1970.
 * @throws Error that says what is wrong with it.
 */
export function readIdempotencyKey(text: string, wall: number): IdempotencyKey {
  if (!FORM.test(text)) throw new Error(`idempotencyKey "${text}" is no UUID of version 7; newIdempotencyKey() makes one`);
  const hex = text.replaceAll("-", "");
  const bytes = Uint8Array.from({ length: ID_BYTES }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
  const ageMs = wall - parseInt(hex.slice(0, 2 * TIME_BYTES), 16);
  if (ageMs < -MAX_SKEW_MS) throw new Error(`idempotencyKey "${text}" is from the future`);
  return { bytes, ageMs: Math.max(0, Math.floor(ageMs)) };
}
