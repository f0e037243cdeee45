/** Varints, tags, text and byte strings: the payloads that hold no others. */
import { EncodeError } from "./errors.js";
import { FlatWriter, wrongInteger, wrongType } from "./flat-writer.js";
import { INLINE_TEXT } from "./limits.js";
import { TextForm, writeLatin1, writeUtf16 } from "./text.js";

/** Up to this length a loop beats the price of a native call. */
const SHORT_COPY = 48;

export class PayloadWriter extends FlatWriter {
  /** The text of the strings so far, in order, but for those that stand by themselves. */
  pool = "";

  tag(tag: number): this {
    this.varint(tag);
    return this;
  }

  varint(value: number): void {
    this.reserve(5);
    if (value < 0x80) this.bytes[this.position++] = value;
    else this.longVarint(value);
  }

  /** Into bytes that are there already. `varint` might look for room behind them, and move the value without them. */
  protected varintInPlace(value: number): void {
    if (value < 0x80) this.bytes[this.position++] = value;
    else this.longVarint(value);
  }

  /** Of more than one byte, for which there is room. */
  protected longVarint(value: number): void {
    const bytes = this.bytes;
    let at = this.position;
    if (value < 0x4000) {
      bytes[at] = value | 0x80;
      bytes[at + 1] = value >>> 7;
      this.position = at + 2;
      return;
    }
    while (value > 0x7f) {
      bytes[at++] = value | 0x80;
      value >>>= 7;
    }
    bytes[at++] = value;
    this.position = at;
  }

  bool(value: boolean, place: string): void {
    if (typeof value !== "boolean") throw wrongType("bool", "true or false", value, place);
    this.varint(value ? 1 : 0);
  }

  u8(value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xff) !== value) throw wrongInteger("u8", value, place);
    this.varint(value);
  }

  u16(value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xffff) !== value) throw wrongInteger("u16", value, place);
    this.varint(value);
  }

  u32(value: number, place: string): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw wrongInteger("u32", value, place);
    this.varint(value);
  }

  i8(value: number, place: string): void {
    if (typeof value !== "number" || (value << 24) >> 24 !== value) throw wrongInteger("i8", value, place);
    this.varint(zigzag(value));
  }

  i16(value: number, place: string): void {
    if (typeof value !== "number" || (value << 16) >> 16 !== value) throw wrongInteger("i16", value, place);
    this.varint(zigzag(value));
  }

  i32(value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("i32", value, place);
    this.varint(zigzag(value));
  }

  enum(value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("enum", value, place);
    this.varint(zigzag(value));
  }

  f32(value: number, place: string): void {
    this.f32At(this.take(4), value, place);
  }

  f64(value: number, place: string): void {
    this.f64At(this.take(8), value, place);
  }

  i64(value: bigint, place: string): void {
    this.i64At(this.take(8), value, place);
  }

  u64(value: bigint, place: string): void {
    this.u64At(this.take(8), value, place);
  }

  i64Number(value: number, place: string): void {
    this.i64NumberAt(this.take(8), value, place);
  }

  u64Number(value: number, place: string): void {
    this.u64NumberAt(this.take(8), value, place);
  }

  text(value: string, place: string): void {
    if (typeof value !== "string") throw wrongType("string", "a string", value, place);
    this.varint(value.length);
    this.textItself(value, place);
  }

  /** Behind its length: pooled, or right here. */
  protected textItself(value: string, place: string): void {
    if (value.length >= INLINE_TEXT) {
      this.inlineText(value, place);
      return;
    }
    // The pool is looked at as a whole in the end; only what two strings would make of their halves must be seen here.
    if ((value.charCodeAt(0) & 0xfc00) === 0xdc00) throw loneSurrogate(place);
    this.pool = this.pool === "" ? value : this.pool + value;
  }

  protected inlineText(value: string, place: string): void {
    this.reserve(1 + value.length);
    const form = this.position++;
    if (writeLatin1(this.bytes, this.position, value)) {
      this.bytes[form] = TextForm.LATIN1;
      this.position += value.length;
    } else {
      this.bytes[form] = TextForm.UTF16;
      this.wideText(value, place);
    }
  }

  /** Two bytes a unit. */
  protected wideText(value: string, place: string): void {
    if (!value.isWellFormed()) throw loneSurrogate(place);
    const at = this.take(2 * value.length);
    writeUtf16(this.bytes, at, value);
  }

  byteString(value: Uint8Array, place: string): void {
    checkBytes(value, place);
    this.raw(value);
  }

  /** A length and as many bytes. */
  raw(value: Uint8Array): void {
    this.varint(value.length);
    this.append(value);
  }

  append(bytes: Uint8Array): void {
    const { length } = bytes;
    const at = this.take(length);
    const to = this.bytes;
    if (length > SHORT_COPY) to.set(bytes, at);
    else for (let i = 0; i < length; i++) to[at + i] = bytes[i] as number;
  }

  /** A flat value as a payload: its length, then room for it. Returns the offset of that. */
  flat(width: number): number {
    this.varint(width);
    return this.take(width);
  }
}

export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function loneSurrogate(place: string): EncodeError {
  return new EncodeError("text has half of a surrogate pair", place);
}

export function checkBytes(value: Uint8Array, place: string): void {
  if (!(value instanceof Uint8Array)) throw wrongType("bytes", "a Uint8Array", value, place);
}
