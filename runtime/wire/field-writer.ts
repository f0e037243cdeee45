/**
 * Fields of one simple value whose tag takes one byte: tag and payload in one step. Each takes at most nine bytes, and
 * writes them into the `ROOM` that is there without looking.
 */
import { wrongInteger, wrongType } from "./flat-writer.js";
import { checkBytes, PayloadWriter, zigzag } from "./payload-writer.js";

export class FieldWriter extends PayloadWriter {
  protected varintField(tag: number, value: number): void {
    const { bytes, position: at } = this;
    bytes[at] = tag;
    if (value < 0x80) {
      bytes[at + 1] = value;
      this.position = at + 2;
    } else {
      this.position = at + 1;
      this.longVarint(value);
    }
  }

  boolField(tag: number, value: boolean, place: string): void {
    if (typeof value !== "boolean") throw wrongType("bool", "true or false", value, place);
    this.varintField(tag, value ? 1 : 0);
  }

  u8Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xff) !== value) throw wrongInteger("u8", value, place);
    this.varintField(tag, value);
  }

  u16Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value & 0xffff) !== value) throw wrongInteger("u16", value, place);
    this.varintField(tag, value);
  }

  u32Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || value >>> 0 !== value) throw wrongInteger("u32", value, place);
    this.varintField(tag, value);
  }

  i8Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value << 24) >> 24 !== value) throw wrongInteger("i8", value, place);
    this.varintField(tag, zigzag(value));
  }

  i16Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value << 16) >> 16 !== value) throw wrongInteger("i16", value, place);
    this.varintField(tag, zigzag(value));
  }

  i32Field(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("i32", value, place);
    this.varintField(tag, zigzag(value));
  }

  enumField(tag: number, value: number, place: string): void {
    if (typeof value !== "number" || (value | 0) !== value) throw wrongInteger("enum", value, place);
    this.varintField(tag, zigzag(value));
  }

  f32Field(tag: number, value: number, place: string): void {
    this.f32At(this.fixedField(tag, 4), value, place);
  }

  f64Field(tag: number, value: number, place: string): void {
    this.f64At(this.fixedField(tag, 8), value, place);
  }

  i64Field(tag: number, value: bigint, place: string): void {
    this.i64At(this.fixedField(tag, 8), value, place);
  }

  u64Field(tag: number, value: bigint, place: string): void {
    this.u64At(this.fixedField(tag, 8), value, place);
  }

  i64NumberField(tag: number, value: number, place: string): void {
    this.i64NumberAt(this.fixedField(tag, 8), value, place);
  }

  u64NumberField(tag: number, value: number, place: string): void {
    this.u64NumberAt(this.fixedField(tag, 8), value, place);
  }

  protected fixedField(tag: number, width: number): number {
    const at = this.position + 1;
    this.bytes[at - 1] = tag;
    this.position = at + width;
    return at;
  }

  textField(tag: number, value: string, place: string): void {
    if (typeof value !== "string") throw wrongType("string", "a string", value, place);
    this.varintField(tag, value.length);
    this.textItself(value, place);
  }

  bytesField(tag: number, value: Uint8Array, place: string): void {
    checkBytes(value, place);
    this.bytes[this.position++] = tag;
    this.raw(value);
  }

  /** Whether an f32 is to be written at all: small numbers round to zero. */
  isNonZeroF32(value: number, place: string): boolean {
    if (typeof value !== "number") throw wrongType("f32", "a number", value, place);
    return !Object.is(Math.fround(value), 0);
  }

  /** Whether a byte string is to be written at all. */
  hasBytes(value: Uint8Array, place: string): boolean {
    checkBytes(value, place);
    return value.length > 0;
  }
}
