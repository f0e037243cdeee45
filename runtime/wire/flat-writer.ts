/** The scratch buffer that a value is written into, and the flat types: of fixed width, written at a known offset. */
import { EncodeError, show } from "./errors.js";
import { newMemory, newPiece, SHARED, WITHIN_OBJECT } from "./piece.js";
import * as time from "./time.js";
import { writeUuid } from "./uuid.js";

/** A body begins so far behind its value's origin: the header, whose length comes last, stands before it. */
export const HEADER_ROOM = 5;

/**
 * Behind whatever made room for itself this many bytes more are free. Fields of one simple value, at most nine bytes
 * each, are written into them without looking; generated code asks for `room` before they could be used up.
 */
export const ROOM = 256;

/** Bytes. What often follows a large field is small, and must not move it once more. */
const REMAINDER = 4 << 10;

/** No more than this is taken at once on the word of the value before. */
const MOST_EXPECTED = 1 << 20;

const INTEGER_RANGES = {
  u8: "0 to 255",
  i8: "-128 to 127",
  u16: "0 to 65535",
  i16: "-32768 to 32767",
  u32: "0 to 4294967295",
  i32: "-2147483648 to 2147483647",
  enum: "numbers from -2147483648 to 2147483647",
  u64: "0 to 2^64-1 as bigint",
  i64: "-2^63 to 2^63-1 as bigint",
  "u64 as number": "integers from 0 to 2^53-1",
  "i64 as number": "integers from -(2^53-1) to 2^53-1",
} as const;

const NAN_HIGH_WORD = 0x7ff80000;
const TWO_TO_32 = 0x1_0000_0000;
const MIN_I64 = -(2n ** 63n);
const MAX_I64 = 2n ** 63n - 1n;
const MAX_U64 = 2n ** 64n - 1n;

/**
 * Neither writers nor readers have `#private` members: V8 looks for the class's brand at each call of a private method,
 * and the code for that uses up what it would inline.
 */
export class FlatWriter {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  /** Where the next byte goes. Not to be kept, for `grow` moves the value; `offset` is. */
  position = HEADER_ROOM;
  /** Where the value begins. Before it in `bytes` stand values that their callers have by now. */
  protected origin = 0;
  /** The piece that small values share; other memory is one value's own. */
  protected piece: Uint8Array<ArrayBuffer>;
  /** Where the next value in `piece` begins. Only valid while the value at hand is elsewhere. */
  protected pieceOrigin = 0;
  /** How much memory of its own a large value needs, by what the last one did. */
  protected expected = 0;
  /** The last position with `ROOM` behind it. Kept, because to ask a typed array for its length is not free. */
  protected roomy = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = this.piece = bytes;
    this.view = new DataView(bytes.buffer);
    this.roomy = bytes.length - ROOM;
  }

  /** Where the next byte goes, from where the value begins. */
  offset(): number {
    return this.position - this.origin;
  }

  /** Takes back what was written from `offset` on. */
  rewind(offset: number): void {
    this.position = this.origin + offset;
  }

  /** Makes room for `count` bytes at `position`, and `ROOM` more. */
  reserve(count: number): void {
    if (this.position + count > this.roomy) this.grow(count);
  }

  /** Makes sure of `ROOM` bytes. */
  room(): void {
    if (this.position > this.roomy) this.grow(0);
  }

  /** Moves the value to where there is room for it: to a new piece, or to memory of its own. */
  protected grow(count: number): void {
    const written = this.bytes.subarray(this.origin, this.position);
    const needed = written.length + count + ROOM;
    if (needed <= SHARED) this.piece = newPiece(needed);
    else if (this.bytes === this.piece) this.pieceOrigin = this.origin;
    this.moveTo(needed <= SHARED ? this.piece : newMemory(Math.max(needed + REMAINDER, 2 * written.length, this.expected)), 0);
    this.bytes.set(written);
    this.position = written.length;
  }

  protected moveTo(bytes: Uint8Array<ArrayBuffer>, origin: number): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.roomy = bytes.length - ROOM;
    this.origin = origin;
  }

  /** The bytes from `from` to `position` for a caller to keep. What follows is written elsewhere. */
  protected handOut(from: number): Uint8Array<ArrayBuffer> {
    const { bytes, position } = this;
    const length = position - from;
    if (bytes !== this.piece) {
      this.moveTo(this.piece, this.pieceOrigin);
      this.expected = Math.min(length + (length >> 4) + ROOM, MOST_EXPECTED);
      // A value that takes less than half of its memory would waste too much of it.
      if (2 * length < bytes.length) return bytes.slice(from, position);
    } else if (length <= WITHIN_OBJECT) {
      return bytes.slice(from, position);
    } else {
      this.origin = position;
    }
    return new Uint8Array(bytes.buffer, from, length);
  }

  /** Reserves a flat value of `width` bytes and steps over it. Returns its offset. */
  take(width: number): number {
    this.reserve(width);
    const at = this.position;
    this.position = at + width;
    return at;
  }

  boolAt(at: number, value: boolean, place: string): void {
    if (typeof value !== "boolean") throw wrongType("bool", "true or false", value, place);
    this.bytes[at] = value ? 1 : 0;
  }

  u8At(at: number, value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xff) !== value) throw wrongInteger("u8", value, place);
    this.bytes[at] = value;
  }

  i8At(at: number, value: number, place: string): void {
    if (typeof value !== "number" || (value << 24) >> 24 !== value) throw wrongInteger("i8", value, place);
    this.bytes[at] = value;
  }

  u16At(at: number, value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xffff) !== value) throw wrongInteger("u16", value, place);
    this.view.setUint16(at, value, true);
  }

  i16At(at: number, value: number, place: string): void {
    if (typeof value !== "number" || (value << 16) >> 16 !== value) throw wrongInteger("i16", value, place);
    this.view.setInt16(at, value, true);
  }

  u32At(at: number, value: number, place: string): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw wrongInteger("u32", value, place);
    this.view.setUint32(at, value, true);
  }

  i32At(at: number, value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("i32", value, place);
    this.view.setInt32(at, value, true);
  }

  enumAt(at: number, value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("enum", value, place);
    this.view.setInt32(at, value, true);
  }

  i64At(at: number, value: bigint, place: string): void {
    if (typeof value !== "bigint" || value < MIN_I64 || value > MAX_I64) throw wrongInteger("i64", value, place);
    this.view.setBigInt64(at, value, true);
  }

  u64At(at: number, value: bigint, place: string): void {
    if (typeof value !== "bigint" || value < 0n || value > MAX_U64) throw wrongInteger("u64", value, place);
    this.view.setBigUint64(at, value, true);
  }

  i64NumberAt(at: number, value: number, place: string): void {
    if (!Number.isSafeInteger(value)) throw wrongInteger("i64 as number", value, place);
    this.safeInteger(at, value);
  }

  u64NumberAt(at: number, value: number, place: string): void {
    if (!Number.isSafeInteger(value) || value < 0) throw wrongInteger("u64 as number", value, place);
    this.safeInteger(at, value);
  }

  protected safeInteger(at: number, value: number): void {
    const low = value >>> 0;
    this.view.setUint32(at, low, true);
    this.view.setInt32(at + 4, (value - low) / TWO_TO_32, true);
  }

  /** Rounds to the nearest f32. A finite number that would become infinite is refused. */
  f32At(at: number, value: number, place: string): void {
    if (typeof value !== "number") throw wrongType("f32", "a number", value, place);
    const rounded = Math.fround(value);
    if (rounded - rounded !== 0 && value - value === 0) {
      throw new EncodeError(`f32 takes up to 3.4028235e38 in magnitude, got ${value}`, place);
    }
    if (value === value) this.view.setFloat32(at, rounded, true);
    else this.view.setUint32(at, 0x7fc00000, true);
  }

  f64At(at: number, value: number, place: string): void {
    if (typeof value !== "number") throw wrongType("f64", "a number", value, place);
    if (value === value) {
      this.view.setFloat64(at, value, true);
    } else {
      this.view.setUint32(at, 0, true);
      this.view.setUint32(at + 4, NAN_HIGH_WORD, true);
    }
  }

  timestampAt(at: number, value: Date, place: string): void {
    const millis = time.millisOfDate(value);
    if (millis === undefined) throw wrongType("timestamp", "a Date", value, place);
    const split = time.splitMillis(millis);
    if (!time.isTimestamp(split.seconds)) {
      const got = Number.isNaN(millis) ? "an invalid Date" : `${millis} ms since 1970`;
      throw new EncodeError(`timestamp takes the years 0001 to 9999, got ${got}`, place);
    }
    this.split(at, split);
  }

  /** Nanoseconds since the epoch. */
  timestampNanosAt(at: number, value: bigint, place: string): void {
    if (typeof value !== "bigint") throw wrongType("timestamp", "a bigint of nanoseconds", value, place);
    const split = time.splitNanos(value);
    if (!time.isTimestamp(split.seconds)) {
      throw new EncodeError(`timestamp takes the years 0001 to 9999, got ${value} ns since 1970`, place);
    }
    this.split(at, split);
  }

  /** Milliseconds, rounded to the nearest nanosecond. */
  durationAt(at: number, value: number, place: string): void {
    if (typeof value !== "number") throw wrongType("duration", "a number of milliseconds", value, place);
    const split = time.splitMillis(value);
    if (!time.isDuration(split)) {
      throw new EncodeError(`duration takes up to ${time.MAX_DURATION} seconds either way, got ${value} ms`, place);
    }
    this.split(at, split);
  }

  /** Nanoseconds. */
  durationNanosAt(at: number, value: bigint, place: string): void {
    if (typeof value !== "bigint") throw wrongType("duration", "a bigint of nanoseconds", value, place);
    const split = time.splitNanos(value);
    if (!time.isDuration(split)) {
      throw new EncodeError(`duration takes up to ${time.MAX_DURATION} seconds either way, got ${value} ns`, place);
    }
    this.split(at, split);
  }

  protected split(at: number, { seconds, nanos }: time.SecondsAndNanos): void {
    this.safeInteger(at, seconds);
    this.view.setUint32(at + 8, nanos, true);
  }

  /** The byte 0 of a struct without fields. */
  emptyAt(at: number): void {
    this.bytes[at] = 0;
  }

  uuidAt(at: number, value: string, place: string): void {
    if (typeof value !== "string" || !writeUuid(this.bytes, at, value)) {
      throw wrongType("uuid", "text such as 123e4567-e89b-12d3-a456-426614174000", value, place);
    }
  }

  /** Whether all bytes from `from` to `position` are 0: then a field that is not optional is absent instead. */
  isZeroFrom(from: number): boolean {
    for (let at = from; at < this.position; at++) if (this.bytes[at] !== 0) return false;
    return true;
  }
}

export function wrongInteger(type: keyof typeof INTEGER_RANGES, value: unknown, place: string): EncodeError {
  return wrongType(type, INTEGER_RANGES[type], value, place);
}

export function wrongType(type: string, takes: string, value: unknown, place: string): EncodeError {
  return new EncodeError(`${type} takes ${takes}, got ${show(value)}`, place);
}
