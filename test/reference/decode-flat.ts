/** Flat types out of their bytes (docs/wire.md, 1.2). */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Scalar, TypeRef } from "../../src/ir/schema.js";
import { type Input, refuse } from "./input.js";
import { type Forms, property, SCALAR_WIDTH, shapeOf } from "./layout.js";

export function readFlat(index: SchemaIndex, type: TypeRef, input: Input, forms: Forms): unknown {
  const shape = shapeOf(index, type);
  switch (shape.kind) {
    case "enum":
      return Number(little(input.take(4), true));
    case "struct": {
      if (shape.fields.length === 0 && input.byte() !== 0) refuse("a struct without fields is one zero");
      const value: Record<string, unknown> = {};
      for (const field of shape.fields) value[property(field)] = readFlat(index, field.type, input, field);
      return value;
    }
    case "scalar":
      return scalarOf(shape.scalar, input.take(SCALAR_WIDTH[shape.scalar] ?? 0), forms);
    default:
      throw new Error("not flat");
  }
}

function scalarOf(scalar: Scalar, bytes: Uint8Array, forms: Forms): unknown {
  switch (scalar) {
    case "bool":
      if ((bytes[0] ?? 0) > 1) refuse("a bool is 0 or 1");
      return bytes[0] === 1;
    case "f32":
      return float(new DataView(bytes.buffer).getFloat32(0, true), bytes, 0x7fc00000n);
    case "f64":
      return float(new DataView(bytes.buffer).getFloat64(0, true), bytes, 0x7ff8000000000000n);
    case "timestamp":
    case "duration":
      return time(scalar, bytes, forms);
    case "uuid": {
      const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    }
    case "i64":
    case "u64": {
      const value = little(bytes, scalar === "i64");
      if (forms.int64 === "bigint") return value;
      if (!Number.isSafeInteger(Number(value))) refuse("beyond 2^53-1");
      return Number(value);
    }
    default:
      return Number(little(bytes, scalar.startsWith("i")));
  }
}

function little(bytes: Uint8Array, signed: boolean): bigint {
  let value = 0n;
  for (const [at, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * at);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

function float(value: number, bytes: Uint8Array, nan: bigint): number {
  if (Number.isNaN(value) && little(bytes, false) !== nan) refuse("a NaN of another pattern");
  return value;
}

const SECONDS = { timestamp: [-62135596800n, 253402300799n], duration: [-315576000000n, 315576000000n] } as const;

function time(scalar: "timestamp" | "duration", bytes: Uint8Array, forms: Forms): unknown {
  const seconds = little(bytes.slice(0, 8), true);
  const nanos = little(bytes.slice(8), false);
  const [low, high] = SECONDS[scalar];
  if (nanos >= 1_000_000_000n) refuse("nanoseconds of 10^9 or more");
  if (seconds < low || seconds > high) refuse("seconds out of range");
  if (scalar === "duration" && seconds === high && nanos > 0n) refuse("more than the greatest duration");
  const total = seconds * 1_000_000_000n + nanos;
  if (forms.nanos) return total;
  if (scalar === "timestamp") return new Date(Number(seconds) * 1000 + Math.floor(Number(nanos) / 1e6));
  return Number.isSafeInteger(Number(total)) ? Number(total) / 1e6 : Number(seconds) * 1000 + Number(nanos) / 1e6;
}

/** A typed array of a scalar's values; undefined where there is none for it. */
export function typedArrayOf(scalar: Scalar, items: readonly unknown[]): unknown {
  const numbers = items as number[];
  const bigints = items as bigint[];
  switch (scalar) {
    case "i8":
      return Int8Array.from(numbers);
    case "u8":
      return Uint8Array.from(numbers);
    case "i16":
      return Int16Array.from(numbers);
    case "u16":
      return Uint16Array.from(numbers);
    case "i32":
      return Int32Array.from(numbers);
    case "u32":
      return Uint32Array.from(numbers);
    case "f32":
      return Float32Array.from(numbers);
    case "f64":
      return Float64Array.from(numbers);
    case "i64":
      return BigInt64Array.from(bigints);
    case "u64":
      return BigUint64Array.from(bigints);
    default:
      return undefined;
  }
}
