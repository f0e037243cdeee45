/** Fields of one simple value: a tag and a payload written at once, which is faster than one after the other. */
import { wrongInteger, wrongType } from "./flat-writer.js";
import { checkBytes, PayloadWriter, zigzag } from "./payload-writer.js";

export class FieldWriter extends PayloadWriter {
  boolField(tag: number, value: boolean, place: string): void {
    if (typeof value !== "boolean") throw wrongType("bool", "true or false", value, place);
    this.pair(tag, value ? 1 : 0);
  }

  u8Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xff) !== value) throw wrongInteger("u8", value, place);
    this.pair(tag, value);
  }

  u16Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xffff) !== value) throw wrongInteger("u16", value, place);
    this.pair(tag, value);
  }

  u32Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw wrongInteger("u32", value, place);
    this.pair(tag, value);
  }

  i8Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value << 24) >> 24 !== value) throw wrongInteger("i8", value, place);
    this.pair(tag, zigzag(value));
  }

  i16Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value << 16) >> 16 !== value) throw wrongInteger("i16", value, place);
    this.pair(tag, zigzag(value));
  }

  i32Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("i32", value, place);
    this.pair(tag, zigzag(value));
  }

  enumField(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("enum", value, place);
    this.pair(tag, zigzag(value));
  }

  /** Whether an f32 is to be written at all: small numbers round to zero. */
  isNonZeroF32(value: number, place: string): boolean {
    if (typeof value !== "number") throw wrongType("f32", "a number", value, place);
    return !Object.is(Math.fround(value), 0);
  }

  f32Field(tag: number, value: number, place: string): void {
    this.f32At(this.#fixed(tag, 4), value, place);
  }

  f64Field(tag: number, value: number, place: string): void {
    this.f64At(this.#fixed(tag, 8), value, place);
  }

  i64Field(tag: number, value: bigint, place: string): void {
    this.i64At(this.#fixed(tag, 8), value, place);
  }

  u64Field(tag: number, value: bigint, place: string): void {
    this.u64At(this.#fixed(tag, 8), value, place);
  }

  i64NumberField(tag: number, value: number, place: string): void {
    this.i64NumberAt(this.#fixed(tag, 8), value, place);
  }

  u64NumberField(tag: number, value: number, place: string): void {
    this.u64NumberAt(this.#fixed(tag, 8), value, place);
  }

  #fixed(tag: number, width: number): number {
    const at = this.position;
    if (tag < 0x80 && at + width < this.bytes.length) {
      this.bytes[at] = tag;
      this.position = at + 1 + width;
      return at + 1;
    }
    this.varint(tag);
    return this.take(width);
  }

  /** Whether a byte string is to be written at all. */
  hasBytes(value: Uint8Array, place: string): boolean {
    checkBytes(value, place);
    return value.length > 0;
  }

  bytesField(tag: number, value: Uint8Array, place: string): void {
    checkBytes(value, place);
    this.varint(tag);
    this.raw(value);
  }
}
