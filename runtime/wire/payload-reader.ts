/** Varints, tags, text and byte strings: the payloads that hold no others. */
import { FlatReader, NAN_F32, NAN_HIGH_WORD, TWO_TO_32 } from "./flat-reader.js";
import { INLINE_TEXT } from "./limits.js";
import { takeOver } from "./own-memory.js";
import { decoded, SHARED } from "./piece.js";
import { isWide, readLatin1, readUtf16, TextForm } from "./text.js";
import { tagLength } from "./wire-type.js";

/** Where bits change from integers to floats. */
const scratch = new DataView(new ArrayBuffer(8));

export class PayloadReader extends FlatReader {
  /** The text of all strings that have fewer than 256 units, in order. */
  pool = "";
  /** Of the next unit in `pool`. */
  poolPosition = 0;
  protected poolIsWide = false;

  /** Begins a value that has a header, a body and a pool. */
  open(bytes: Uint8Array): this {
    this.openFlat(bytes);
    const header = this.varint();
    const units = header >>> 1;
    const form = header & 1;
    const pool = bytes.length - (form === TextForm.UTF16 ? 2 * units : units);
    if (pool < this.position) this.fail("the bytes end too soon", bytes.length);
    this.pool = units === 0 ? "" : this.decodeText(pool, units, form);
    this.poolIsWide = form === TextForm.UTF16;
    if (units === 0 && this.poolIsWide) this.fail("an empty pool has the form 0", 0);
    this.end = pool;
    return this;
  }

  /** Begins a flat value, which is nothing but its bytes. */
  openFlat(bytes: Uint8Array): this {
    if (!(bytes instanceof Uint8Array)) this.fail("decode takes a Uint8Array", 0);
    this.start(bytes);
    this.poolPosition = 0;
    return this;
  }

  /** Begins fields without a header, with their text, both well formed. */
  openPart(bytes: Uint8Array, pool: string): this {
    this.openFlat(bytes);
    this.pool = pool;
    return this;
  }

  /** Ends the value. @throws DecodeError if anything is left. */
  close(): void {
    if (this.position !== this.end) this.fail("bytes are left after the value");
    if (this.poolPosition !== this.pool.length) this.fail("text is left that no string refers to", this.end);
    this.release();
  }

  protected override release(): void {
    super.release();
    this.pool = "";
    this.poolIsWide = false;
  }

  varint(): number {
    // Beyond the body lies the pool, and beyond that undefined, which no comparison holds for; `close` sees the first.
    const byte = this.bytes[this.position++] as number;
    return byte < 0x80 ? byte : this.longVarint();
  }

  /** With the position behind the first byte. What lies beyond the body is looked at, and refused in the end. */
  protected longVarint(): number {
    const { bytes } = this;
    const from = this.position;
    const second = bytes[from] as number;
    if (second > 0 && second < 0x80) {
      this.position = from + 1;
      return ((bytes[from - 1] as number) & 0x7f) | (second << 7);
    }
    let at = from;
    let value = (bytes[at - 1] as number) & 0x7f;
    let byte = 0x80;
    while (byte > 0x7f && at < from + 4) {
      byte = bytes[at++] as number;
      value |= (byte & 0x7f) << (7 * (at - from));
    }
    this.position = at;
    if (at > this.end) this.fail("the bytes end too soon", bytes.length);
    if (byte === 0) this.fail("a varint is longer than it need be", at - 1);
    if (byte > 0x7f || (byte > 0x0f && at === from + 4)) this.fail("a varint is 2^32 or more", at - 1);
    return value >>> 0;
  }

  /** The first byte of the next tag: all of it where the tag is below 128. */
  shortTag(): number {
    return this.bytes[this.position++] as number;
  }

  /** The tag that begins with a byte that `shortTag` gave. */
  wholeTag(byte: number): number {
    return byte < 0x80 ? byte : this.longVarint();
  }

  /** The tag of the next field, or 0 at the end of the message. Its number must be above that of `previous`. */
  tag(previous: number): number {
    const tag = this.varint();
    if (tag !== 0 && tag >>> 3 <= previous >>> 3) {
      this.fail("the fields of a message ascend by number", this.position - tagLength(tag));
    }
    return tag;
  }

  bool(): boolean {
    const value = this.varint();
    if (value > 1) this.fail(`a bool is 0 or 1, not ${value}`, this.position - tagLength(value));
    return value === 1;
  }

  u8(): number {
    return this.within(this.varint(), 0, 0xff, "u8");
  }

  u16(): number {
    return this.within(this.varint(), 0, 0xffff, "u16");
  }

  u32(): number {
    return this.varint();
  }

  i8(): number {
    return this.within(this.i32(), -0x80, 0x7f, "i8");
  }

  i16(): number {
    return this.within(this.i32(), -0x8000, 0x7fff, "i16");
  }

  i32(): number {
    const value = this.varint();
    return (value >>> 1) ^ -(value & 1);
  }

  protected within(value: number, min: number, max: number, type: string): number {
    if (value < min || value > max) this.fail(`${type} holds ${min} to ${max}, not ${value}`);
    return value;
  }

  f32(): number {
    const at = this.advance(4);
    return this.viewsBytes ? this.f32At(at) : this.float(at, 4);
  }

  f64(): number {
    const at = this.advance(8);
    return this.viewsBytes ? this.f64At(at) : this.float(at, 8);
  }

  i64(): bigint {
    const at = this.advance(8);
    return this.viewsBytes ? this.i64At(at) : this.bigint(at);
  }

  u64(): bigint {
    const at = this.advance(8);
    return this.viewsBytes ? this.u64At(at) : BigInt.asUintN(64, this.bigint(at));
  }

  i64Number(): number {
    const at = this.advance(8);
    return this.viewsBytes
      ? this.i64NumberAt(at)
      : this.checkSafe(this.word(at + 4) * TWO_TO_32 + (this.word(at) >>> 0), at);
  }

  u64Number(): number {
    const at = this.advance(8);
    return this.viewsBytes
      ? this.u64NumberAt(at)
      : this.checkSafe((this.word(at + 4) >>> 0) * TWO_TO_32 + (this.word(at) >>> 0), at);
  }

  protected float(at: number, width: 4 | 8): number {
    const low = this.word(at);
    scratch.setInt32(0, low, true);
    if (width === 4) {
      const value = scratch.getFloat32(0, true);
      if (value !== value) this.checkNaN(low === NAN_F32, at);
      return value;
    }
    const high = this.word(at + 4);
    scratch.setInt32(4, high, true);
    const value = scratch.getFloat64(0, true);
    if (value !== value) this.checkNaN(high === NAN_HIGH_WORD && low === 0, at);
    return value;
  }

  protected bigint(at: number): bigint {
    scratch.setInt32(0, this.word(at), true);
    scratch.setInt32(4, this.word(at + 4), true);
    return scratch.getBigInt64(0, true);
  }

  /** A signed word of four bytes: without a DataView, for to make one costs as much as a small message. */
  protected word(at: number): number {
    const { bytes } = this;
    return (
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    );
  }

  text(): string {
    return this.textOf(this.varint());
  }

  /** Behind its length. */
  protected textOf(units: number): string {
    if (units >= INLINE_TEXT) return this.inlineText(units);
    const from = this.poolPosition;
    this.skipText(units);
    return this.pool.substring(from, this.poolPosition);
  }

  protected inlineText(units: number): string {
    const form = this.textForm();
    const from = this.advance(form === TextForm.UTF16 ? 2 * units : units);
    return this.decodeText(from, units, form);
  }

  protected textForm(): number {
    const form = this.bytes[this.advance(1)] as number;
    if (form > 1) this.fail(`text has the form 0 or 1, not ${form}`, this.position - 1);
    return form;
  }

  protected decodeText(from: number, units: number, form: number): string {
    if (form === TextForm.LATIN1) return readLatin1(this.bytes, from, from + units);
    const text = readUtf16(this.bytes, from, from + 2 * units);
    if (!isWide(text)) this.fail("text without a unit above 255 has the form 0", from);
    if (!text.isWellFormed()) this.fail("text has half of a surrogate pair", from);
    return text;
  }

  byteString(): Uint8Array<ArrayBuffer> {
    const length = this.varint();
    const from = this.advance(length);
    if (length > SHARED) return this.largeBytes(from, length);
    return decoded.copyOf(this.bytes, from, this.position);
  }

  /** Those that fill most of their message's memory keep it. */
  protected largeBytes(from: number, length: number): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.bytes;
    if (2 * length < buffer.byteLength || !takeOver(buffer)) return decoded.copyOf(this.bytes, from, this.position);
    return new Uint8Array(buffer, byteOffset + from, length);
  }

  /** Opens a payload of one flat value. Returns its offset for the `…At` methods. */
  flat(width: number): number {
    const length = this.varint();
    if (length !== width) this.fail(`${width} bytes are due here, not ${length}`);
    return this.take(width);
  }

  /** Steps over pooled text. No string may end between the halves of a surrogate pair; then none begins there. */
  skipText(units: number): void {
    const to = this.poolPosition + units;
    if (to > this.pool.length) this.fail("a string goes beyond the pool");
    if (this.poolIsWide && (this.pool.charCodeAt(to) & 0xfc00) === 0xdc00) {
      this.fail("a string ends between the halves of a surrogate pair");
    }
    this.poolPosition = to;
  }

  /** Steps over bytes of the body. Returns where they begin. */
  protected advance(count: number): number {
    const from = this.position;
    if (count > this.end - from) this.fail("the bytes end too soon", this.bytes.length);
    this.position = from + count;
    return from;
  }
}
