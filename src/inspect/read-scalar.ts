/** The values that have no parts of their own: scalars and enums, in their flat bytes and as payloads. */
import type { ConcreteType } from "../ir/schema-index.js";
import type { Enum, Scalar } from "../ir/schema.js";
import { plural } from "./byte-cursor.js";
import { durationText, f32Text, floatText, timestampText, uuidText } from "./value-text.js";
import type { Text, Walk } from "./walk.js";

export type ScalarType =
  { readonly kind: "scalar"; readonly scalar: Scalar } | { readonly kind: "enum"; readonly declaration: Enum };

/** Undefined for a type that has parts. */
export function scalarTypeOf(type: ConcreteType): ScalarType | undefined {
  if (type.kind === "scalar") return type;
  return type.kind === "declared" && type.declaration.kind === "enum"
    ? { kind: "enum", declaration: type.declaration }
    : undefined;
}

/** Whether `readPayloadScalar` takes the type: the payload of the others is a length and their flat bytes. */
export function isPlainPayload(type: ScalarType): boolean {
  return type.kind === "enum" || !["timestamp", "duration", "uuid"].includes(type.scalar);
}

export interface ScalarValue {
  readonly shown: string;
  /** What the order of a map's keys goes by. Undefined where it is not known. */
  readonly key: string | number | bigint | boolean | undefined;
  /** A field that is not optional and holds it would be absent. */
  readonly isZero: boolean;
  readonly text?: Text;
}

const RANGES: Partial<Readonly<Record<Scalar, readonly [min: number, max: number]>>> = {
  bool: [0, 1],
  u8: [0, 0xff],
  u16: [0, 0xffff],
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
};
const TIMESTAMP_SECONDS = [-62135596800n, 253402300799n] as const;
const DURATION_SECONDS = [-315576000000n, 315576000000n] as const;

/** A payload of VARINT, FIXED4, FIXED8 or TEXT, or of `bytes`. `part` is told of each part of it. */
export function readPayloadScalar(
  walk: Walk,
  type: ScalarType,
  safeIntegers: boolean,
  part: Walk["tree"]["part"],
): ScalarValue {
  const { cursor } = walk;
  if (type.kind === "scalar") {
    switch (type.scalar) {
      case "string": {
        const text = walk.text(true, part);
        return {
          shown: text.shown,
          key: text.pooled?.isCutOff ? undefined : text.text,
          isZero: text.units === 0,
          text,
        };
      }
      case "bytes": {
        const length = cursor.varint("the length of a byte string");
        part("length");
        cursor.take(length, "the byte string");
        part("value");
        return { shown: plural(length, "byte"), key: undefined, isZero: length === 0 };
      }
      case "f32":
      case "f64":
      case "i64":
      case "u64": {
        const value = readFlatScalar(walk, type, safeIntegers);
        part("value");
        return value;
      }
      default:
    }
  }
  const start = cursor.position;
  const raw = cursor.varint(type.kind === "enum" ? `a ${type.declaration.name}` : `a ${type.scalar}`);
  part("value");
  if (type.kind === "enum") return enumValue(type.declaration, unzigzag(raw));
  const isUnsigned = type.scalar === "bool" || type.scalar.startsWith("u");
  return integer(walk, type.scalar, isUnsigned ? raw : unzigzag(raw), start);
}

/** The fixed-width bytes of a flat type that is no struct. */
export function readFlatScalar(walk: Walk, type: ScalarType, safeIntegers: boolean): ScalarValue {
  const { cursor } = walk;
  const { view } = cursor;
  if (type.kind === "enum")
    return enumValue(type.declaration, view.getInt32(cursor.take(4, `a ${type.declaration.name}`), true));
  const { scalar } = type;
  const take = (width: number): number => cursor.take(width, `a ${scalar}`);
  switch (scalar) {
    case "bool":
    case "u8": {
      const at = take(1);
      return integer(walk, scalar, view.getUint8(at), at);
    }
    case "i8":
      return integer(walk, scalar, view.getInt8(take(1)));
    case "u16":
      return integer(walk, scalar, view.getUint16(take(2), true));
    case "i16":
      return integer(walk, scalar, view.getInt16(take(2), true));
    case "u32":
      return integer(walk, scalar, view.getUint32(take(4), true));
    case "i32":
      return integer(walk, scalar, view.getInt32(take(4), true));
    case "i64":
    case "u64": {
      const at = take(8);
      const value = scalar === "i64" ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
      if (safeIntegers && BigInt.asIntN(54, value) !== value)
        walk.fault(`${value} does not fit a number, which \`@number\` asks for`, at, "at most 2^53-1 either way");
      return { shown: String(value), key: value, isZero: value === 0n };
    }
    case "f32": {
      const at = take(4);
      const value = view.getFloat32(at, true);
      if (Number.isNaN(value) && view.getUint32(at, true) !== 0x7fc00000) failNaN(walk, at, "00 00 c0 7f");
      return { shown: f32Text(value), key: undefined, isZero: Object.is(value, 0) };
    }
    case "f64": {
      const at = take(8);
      const value = view.getFloat64(at, true);
      if (Number.isNaN(value) && view.getBigUint64(at, true) !== 0x7ff8000000000000n)
        failNaN(walk, at, "00 00 00 00 00 00 f8 7f");
      return { shown: floatText(value), key: undefined, isZero: Object.is(value, 0) };
    }
    case "timestamp":
    case "duration":
      return time(walk, scalar, take(12));
    case "uuid": {
      const at = take(16);
      return { shown: uuidText(cursor.bytes.subarray(at, at + 16)), key: undefined, isZero: cursor.isZeroSince(at) };
    }
    default:
      throw new Error(`a ${scalar} is not flat`);
  }
}

/** What a VARINT that no schema knows may mean. */
export function unzigzag(raw: number): number {
  return (raw >>> 1) ^ -(raw & 1);
}

function integer(walk: Walk, scalar: Scalar, value: number, at = walk.cursor.position): ScalarValue {
  const [min, max] = RANGES[scalar] ?? [value, value];
  if (value < min || value > max)
    walk.fault(`${value} is no ${scalar}`, at, scalar === "bool" ? "0 or 1" : `${min} to ${max}`);
  if (scalar === "bool") return { shown: String(value === 1), key: value === 1, isZero: value === 0 };
  return { shown: String(value), key: value, isZero: value === 0 };
}

function enumValue({ members }: Enum, value: number): ScalarValue {
  const name = members.find(({ number }) => number === value)?.name;
  return { shown: name === undefined ? `${value} (unknown)` : `${name} (${value})`, key: value, isZero: value === 0 };
}

function failNaN(walk: Walk, at: number, expected: string): never {
  walk.fault("a NaN has one pattern", at, expected);
}

function time(walk: Walk, scalar: "timestamp" | "duration", at: number): ScalarValue {
  const { view } = walk.cursor;
  const seconds = view.getBigInt64(at, true);
  const nanos = view.getUint32(at + 8, true);
  const [min, max] = scalar === "timestamp" ? TIMESTAMP_SECONDS : DURATION_SECONDS;
  if (nanos >= 1_000_000_000) walk.fault(`${nanos} nanoseconds are a second or more`, at + 8, "below 1,000,000,000");
  if (seconds < min || seconds > max)
    walk.fault(`${seconds} seconds are out of the range of a ${scalar}`, at, `${min} to ${max}`);
  if (scalar === "duration" && seconds === max && nanos > 0)
    walk.fault(`${nanos} nanoseconds are beyond the greatest duration`, at + 8, "0");
  const shown = scalar === "timestamp" ? timestampText(seconds, nanos) : durationText(seconds, nanos);
  return { shown, key: undefined, isZero: seconds === 0n && nanos === 0 };
}
