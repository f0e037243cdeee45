/**
 * Fields that are not optional, and so not there when they hold their zero: one that is there and zero is refused. Payload
 * and check in one step, for V8 inlines only so much into one function.
 */
import { PayloadReader } from "./payload-reader.js";

export class FieldReader extends PayloadReader {
  boolField(): boolean {
    if (!this.bool()) this.failZero();
    return true;
  }

  u8Field(): number {
    return this.nonZero(this.u8());
  }

  u16Field(): number {
    return this.nonZero(this.u16());
  }

  u32Field(): number {
    return this.nonZero(this.varint());
  }

  i8Field(): number {
    return this.nonZero(this.i8());
  }

  i16Field(): number {
    return this.nonZero(this.i16());
  }

  /** Of enums, too. */
  i32Field(): number {
    const value = this.varint();
    if (value === 0) this.failZero();
    return (value >>> 1) ^ -(value & 1);
  }

  f32Field(): number {
    return this.nonZeroFloat(this.f32());
  }

  f64Field(): number {
    return this.nonZeroFloat(this.f64());
  }

  i64Field(): bigint {
    return this.nonZeroBigint(this.i64());
  }

  u64Field(): bigint {
    return this.nonZeroBigint(this.u64());
  }

  i64NumberField(): number {
    return this.nonZero(this.i64Number());
  }

  u64NumberField(): number {
    return this.nonZero(this.u64Number());
  }

  textField(): string {
    const units = this.varint();
    if (units === 0) this.failZero();
    return this.textOf(units);
  }

  bytesField(): Uint8Array<ArrayBuffer> {
    return this.nonEmpty(this.byteString());
  }

  /** As `flat`. */
  flatField(width: number): number {
    const at = this.flat(width);
    this.refuseZeros(this.position - width);
    return at;
  }

  protected refuseZeros(from: number): void {
    for (let at = from; at < this.position; at++) if (this.bytes[at] !== 0) return;
    this.failZero();
  }

  protected nonZero(value: number): number {
    if (value === 0) this.failZero();
    return value;
  }

  /** -0 is not a zero. */
  protected nonZeroFloat(value: number): number {
    if (value === 0 && !Object.is(value, -0)) this.failZero();
    return value;
  }

  protected nonZeroBigint(value: bigint): bigint {
    if (value === 0n) this.failZero();
    return value;
  }

  /** Of lists and typed arrays. */
  nonEmpty<T extends { readonly length: number }>(value: T): T {
    if (value.length === 0) this.failZero();
    return value;
  }

  nonEmptyMap<K, V>(value: Map<K, V>): Map<K, V> {
    if (value.size === 0) this.failZero();
    return value;
  }

  /** Before a message. */
  refuseEmptyMessage(): void {
    if (this.bytes[this.position] === 0) this.failZero();
  }

  protected failZero(): never {
    this.fail("a field that holds its zero is left out");
  }
}
