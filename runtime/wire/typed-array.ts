/** Lists of fixed-width numbers as typed arrays: one copy where the machine's byte order is the wire's. */
import { EncodeError, show } from "./errors.js";
import { decoded, WITHIN_OBJECT } from "./piece.js";
import type { Reader } from "./reader.js";
import type { Writer } from "./writer.js";

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

interface TypedArrayConstructor<T extends TypedArray> {
  new (length: number): T;
  new (buffer: ArrayBuffer, offset: number, length: number): T;
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
}

/** Up to so many bytes a loop beats the views that a copy takes. */
const SHORT = 512;

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Whether a typed array is to be written at all. */
export function hasElements<T extends TypedArray>(array: T, type: TypedArrayConstructor<T>, place: string): boolean {
  if (!(array instanceof type)) throw new EncodeError(`takes a ${type.name}, got ${show(array)}`, place);
  return array.length > 0;
}

/** Writes a payload. A NaN of any pattern becomes the one of the wire. */
export function writeTypedArray<T extends TypedArray>(
  writer: Writer,
  array: T,
  type: TypedArrayConstructor<T>,
  place: string,
): void {
  hasElements(array, type, place);
  const at = writer.flat(array.byteLength);
  if (array.byteLength <= SHORT) return put(writer, array, at, place);
  const written = writer.bytes.subarray(at, at + array.byteLength);
  written.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  if (!IS_LITTLE_ENDIAN) swapBytes(written, type.BYTES_PER_ELEMENT);
  if (array instanceof Float64Array) {
    for (let i = 0; i < array.length; i++) if (array[i] !== array[i]) writer.f64At(at + 8 * i, Number.NaN, place);
  } else if (array instanceof Float32Array) {
    for (let i = 0; i < array.length; i++) if (array[i] !== array[i]) writer.f32At(at + 4 * i, Number.NaN, place);
  }
}

/** Reads a payload into an array that no other value has; its buffer may hold others. */
export function readTypedArray<T extends TypedArray>(reader: Reader, type: TypedArrayConstructor<T>): T {
  const width = type.BYTES_PER_ELEMENT;
  const length = reader.flatListLength(width);
  const from = reader.position;
  const at = reader.take(length);
  const count = length / width;
  // To ask for the `buffer` of one within its object would move its content out.
  if (length <= WITHIN_OBJECT) return fill(reader, new type(count), at);
  const { buffer, offset } = decoded.room(length);
  const array = new type(buffer, offset, count);
  if (length <= SHORT) return fill(reader, array, at);
  const copied = new Uint8Array(buffer, offset, length);
  copied.set(reader.bytes.subarray(from, from + length));
  if (!IS_LITTLE_ENDIAN) swapBytes(copied, width);
  if (array instanceof Float64Array) {
    for (let i = 0; i < array.length; i++) if (array[i] !== array[i]) reader.f64At(at + 8 * i);
  } else if (array instanceof Float32Array) {
    for (let i = 0; i < array.length; i++) if (array[i] !== array[i]) reader.f32At(at + 4 * i);
  }
  return array;
}

function put(writer: Writer, array: TypedArray, at: number, place: string): void {
  const count = array.length;
  if (array instanceof Float64Array) for (let i = 0; i < count; i++) writer.f64At(at + 8 * i, array[i] as number, place);
  else if (array instanceof Int32Array) for (let i = 0; i < count; i++) writer.i32At(at + 4 * i, array[i] as number, place);
  else if (array instanceof Float32Array) for (let i = 0; i < count; i++) writer.f32At(at + 4 * i, array[i] as number, place);
  else if (array instanceof Uint32Array) for (let i = 0; i < count; i++) writer.u32At(at + 4 * i, array[i] as number, place);
  else if (array instanceof BigInt64Array) for (let i = 0; i < count; i++) writer.i64At(at + 8 * i, array[i] as bigint, place);
  else if (array instanceof BigUint64Array) for (let i = 0; i < count; i++) writer.u64At(at + 8 * i, array[i] as bigint, place);
  else if (array instanceof Int16Array) for (let i = 0; i < count; i++) writer.i16At(at + 2 * i, array[i] as number, place);
  else if (array instanceof Uint16Array) for (let i = 0; i < count; i++) writer.u16At(at + 2 * i, array[i] as number, place);
  else if (array instanceof Int8Array) for (let i = 0; i < count; i++) writer.i8At(at + i, array[i] as number, place);
  else for (let i = 0; i < count; i++) writer.u8At(at + i, array[i] as number, place);
}

function fill<T extends TypedArray>(reader: Reader, array: T, at: number): T {
  const count = array.length;
  if (array instanceof Float64Array) for (let i = 0; i < count; i++) array[i] = reader.f64At(at + 8 * i);
  else if (array instanceof Int32Array) for (let i = 0; i < count; i++) array[i] = reader.i32At(at + 4 * i);
  else if (array instanceof Float32Array) for (let i = 0; i < count; i++) array[i] = reader.f32At(at + 4 * i);
  else if (array instanceof Uint32Array) for (let i = 0; i < count; i++) array[i] = reader.u32At(at + 4 * i);
  else if (array instanceof BigInt64Array) for (let i = 0; i < count; i++) array[i] = reader.i64At(at + 8 * i);
  else if (array instanceof BigUint64Array) for (let i = 0; i < count; i++) array[i] = reader.u64At(at + 8 * i);
  else if (array instanceof Int16Array) for (let i = 0; i < count; i++) array[i] = reader.i16At(at + 2 * i);
  else if (array instanceof Uint16Array) for (let i = 0; i < count; i++) array[i] = reader.u16At(at + 2 * i);
  else if (array instanceof Int8Array) for (let i = 0; i < count; i++) array[i] = reader.i8At(at + i);
  else for (let i = 0; i < count; i++) array[i] = reader.u8At(at + i);
  return array;
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
