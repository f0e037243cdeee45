/** The types of the language itself: and the names that people bring along from other languages. */
import { integerRange } from "../ir/integer-range.js";
import type { Scalar, TypeRef } from "../ir/schema.js";

const scalars: ReadonlyMap<string, TypeRef & { readonly kind: "scalar" }> = new Map(
  (
    [
      ...["bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"],
      ...["string", "bytes", "timestamp", "duration", "uuid"],
    ] as Scalar[]
  ).map((scalar) => [scalar, Object.freeze({ kind: "scalar", scalar })]),
);

export function scalarType(name: string): TypeRef | undefined {
  return scalars.get(name);
}

export const scalarNames: readonly string[] = [...scalars.keys()];

/** Whether a name is a built-in type, or a word that begins a type. */
export function isTypeWord(name: string): boolean {
  return scalars.has(name) || name === "map" || name === "stream";
}

/** The duration that has 315,576,000,000 seconds (10,000 years), in nanoseconds: the greatest that the wire holds. */
export const greatestDuration = 315_576_000_000n * 1_000_000_000n;

/** The greatest finite f32. */
export const greatestFloat32 = 3.4028234663852886e38;

/** Whether lists of the scalar can be typed arrays. */
export function isTypedArrayElement(scalar: Scalar): boolean {
  return integerRange(scalar) !== undefined || scalar === "f32" || scalar === "f64";
}

const habits: ReadonlyMap<string, string> = new Map(
  Object.entries({
    i8: "int8 sint8 sbyte",
    i16: "int16 sint16 short",
    i32: "int int32 sint32 sfixed32 Int Integer integer",
    i64: "int64 sint64 sfixed64 long Long bigint BigInt",
    u8: "uint8 byte uchar octet",
    u16: "uint16 ushort",
    u32: "uint uint32 fixed32 unsigned",
    u64: "uint64 fixed64 ulong",
    f32: "float float32 single Float",
    f64: "double float64 number Double Number real",
    bool: "boolean Boolean Bool",
    string: "str String Str text char varchar utf8",
    bytes: "Bytes Buffer Uint8Array binary blob Blob bytestring",
    timestamp: "Date date DateTime datetime Timestamp time Time Instant instant",
    duration: "Duration interval Interval timespan TimeSpan",
    uuid: "UUID Uuid guid Guid GUID",
  } satisfies Partial<Record<Scalar, string>>).flatMap(([scalar, names]) =>
    names.split(" ").map((name) => [name, scalar] as const),
  ),
);

const advice: ReadonlyMap<string, string> = new Map([
  ...["list", "List", "array", "Array", "vector", "Vector", "repeated"].map(
    (name) => [name, "a list of T is written `T[]`"] as const,
  ),
  ...["set", "Set"].map((name) => [name, "there are no sets: use a list `T[]`, or a `map<T, bool>`"] as const),
  ...["Map", "dict", "Dict", "HashMap", "Record", "record"].map(
    (name) => [name, "a map is written `map<K, V>`"] as const,
  ),
  ...["optional", "Optional", "Option", "option", "Maybe"].map(
    (name) => [name, "an optional field is written `name?: T`"] as const,
  ),
  ...["void", "Void", "unit", "none", "None", "null", "nil", "undefined", "never", "empty", "Empty"].map(
    (name) =>
      [name, "a method that answers nothing has no `->`, and a message may be empty: `message Nothing { }`"] as const,
  ),
  ...["any", "Any", "object", "Object", "unknown", "json", "Json", "JSON", "dynamic", "variant"].map(
    (name) => [name, "every value has a type: use a `union`, or `bytes` for what only others read"] as const,
  ),
  ...["decimal", "Decimal", "numeric"].map(
    (name) => [name, "there is no decimal type: use an integer of the smallest unit, or a string"] as const,
  ),
]);

/** What to write instead of a type of another language: "write `i32`". */
export function habitHelp(name: string): string | undefined {
  const scalar = habits.get(name);
  return scalar === undefined ? advice.get(name) : `write \`${scalar}\``;
}
