/** The bytes of a value under decoding, and the flat types: those of fixed width, read at a known offset. */
import { DecodeError } from "./errors.js";
import * as time from "./time.js";
import { readUuid } from "./uuid.js";

const NOTHING = new Uint8Array(0);
export const NAN_HIGH_WORD = 0x7ff80000;
export const NAN_F32 = 0x7fc00000;
export const TWO_TO_32 = 0x1_0000_0000;

/** A DataView costs as much as a small message, so small flat values are read from a copy under a view that exists. */
const WINDOW = 64;
const window = new Uint8Array(WINDOW);
const windowView = new DataView(window.buffer);
/** From this many bytes on, a value is worth a view of its own. */
const WORTH_A_VIEW = 1024;

export class FlatReader {
  bytes: Uint8Array = NOTHING;
  /** Of the next byte. */
  position = 0;
  /** Where the body must end, and the pool begins. */
  end = 0;
  /** Over `bytes`, or over the window: `take` says at which offset. */
  view: DataView = windowView;
  /** Whether `view` is over `bytes`, at the same offsets. */
  protected viewsBytes = false;
  /** What to add to an offset in `view` for one in `bytes`. */
  protected shift = 0;

  protected start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.position = 0;
    this.end = bytes.length;
    if (bytes.length >= WORTH_A_VIEW) {
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.viewsBytes = true;
      this.shift = 0;
    } else {
      this.view = windowView;
      this.viewsBytes = false;
    }
  }

  /** Lets go of the bytes. */
  protected release(): void {
    this.bytes = NOTHING;
    this.view = windowView;
    this.viewsBytes = false;
  }

  /** Steps over `width` bytes. Returns their offset for the `…At` methods, which holds until the next `take`. */
  take(width: number): number {
    const from = this.position;
    if (width > this.end - from) this.fail("the bytes end too soon", this.bytes.length);
    this.position = from + width;
    if (!this.viewsBytes) {
      if (width <= WINDOW) {
        for (let i = 0; i < width; i++) window[i] = this.bytes[from + i] as number;
        this.shift = from;
        return 0;
      }
      this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
      this.viewsBytes = true;
      this.shift = 0;
    }
    return from;
  }

  boolAt(at: number): boolean {
    const byte = this.view.getUint8(at);
    if (byte > 1) this.fail(`a bool is 0 or 1, not ${byte}`, at + this.shift);
    return byte === 1;
  }

  u8At(at: number): number {
    return this.view.getUint8(at);
  }

  i8At(at: number): number {
    return this.view.getInt8(at);
  }

  u16At(at: number): number {
    return this.view.getUint16(at, true);
  }

  i16At(at: number): number {
    return this.view.getInt16(at, true);
  }

  u32At(at: number): number {
    return this.view.getUint32(at, true);
  }

  i32At(at: number): number {
    return this.view.getInt32(at, true);
  }

  i64At(at: number): bigint {
    return this.view.getBigInt64(at, true);
  }

  u64At(at: number): bigint {
    return this.view.getBigUint64(at, true);
  }

  i64NumberAt(at: number): number {
    const value = this.view.getInt32(at + 4, true) * TWO_TO_32 + this.view.getUint32(at, true);
    return this.checkSafe(value, at + this.shift);
  }

  u64NumberAt(at: number): number {
    const value = this.view.getUint32(at + 4, true) * TWO_TO_32 + this.view.getUint32(at, true);
    return this.checkSafe(value, at + this.shift);
  }

  /** Of an integer. */
  protected checkSafe(value: number, offset: number): number {
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) this.fail("a 64-bit integer beyond 2^53-1 does not fit a number", offset);
    return value;
  }

  f32At(at: number): number {
    const value = this.view.getFloat32(at, true);
    if (value !== value) this.checkNaN(this.view.getUint32(at, true) === NAN_F32, at + this.shift);
    return value;
  }

  f64At(at: number): number {
    const value = this.view.getFloat64(at, true);
    if (value !== value) this.checkNaNAt(at);
    return value;
  }

  protected checkNaNAt(at: number): void {
    const isCanonical = this.view.getUint32(at + 4, true) === NAN_HIGH_WORD && this.view.getUint32(at, true) === 0;
    this.checkNaN(isCanonical, at + this.shift);
  }

  protected checkNaN(isCanonical: boolean, offset: number): void {
    if (!isCanonical) this.fail("a NaN has one pattern, 0x7fc00000 or 0x7ff8000000000000", offset);
  }

  /** What lies below a millisecond is dropped. */
  timestampAt(at: number): Date {
    return time.dateOf(this.timestamp(at));
  }

  /** Nanoseconds since the epoch. */
  timestampNanosAt(at: number): bigint {
    return time.nanosOf(this.timestamp(at));
  }

  /** Milliseconds. */
  durationAt(at: number): number {
    return time.millisOf(this.duration(at));
  }

  /** Nanoseconds. */
  durationNanosAt(at: number): bigint {
    return time.nanosOf(this.duration(at));
  }

  protected timestamp(at: number): time.SecondsAndNanos {
    const split = this.split(at);
    if (!time.isTimestamp(split.seconds)) this.fail("a timestamp is within the years 0001 to 9999", at + this.shift);
    return split;
  }

  protected duration(at: number): time.SecondsAndNanos {
    const split = this.split(at);
    if (!time.isDuration(split)) {
      this.fail(`a duration is at most ${time.MAX_DURATION} seconds either way`, at + this.shift);
    }
    return split;
  }

  /** Seconds that no number holds exactly are beyond the ranges that are checked next. */
  protected split(at: number): time.SecondsAndNanos {
    const seconds = this.view.getInt32(at + 4, true) * TWO_TO_32 + this.view.getUint32(at, true);
    const nanos = this.view.getUint32(at + 8, true);
    if (nanos >= time.NANOS_PER_SECOND) this.fail("nanoseconds are below 10^9", at + 8 + this.shift);
    return { seconds, nanos };
  }

  /** The byte 0 of a struct without fields. */
  emptyAt(at: number): void {
    if (this.view.getUint8(at) !== 0) this.fail("a struct without fields is a byte 0", at + this.shift);
  }

  uuidAt(at: number): string {
    return readUuid(this.view, at);
  }

  /** @throws DecodeError always. `offset` is where the fault is; the position without it. */
  fail(problem: string, offset = this.position): never {
    const error = new DecodeError(problem, Math.min(offset, this.bytes.length));
    this.release();
    throw error;
  }
}
