/** Numbers in JSON: those that JSON has as they are, 64-bit integers and what no JSON number says as strings. */
import { show } from "../errors.js";
import type { JsonType, JsonValue } from "./json-type.js";

const DECIMAL = /^-?(?:0|[1-9][0-9]*)$/;

function integer(type: string, min: number, max: number): JsonType<number> {
  const problem = (value: unknown): string => `${type} takes ${min} to ${max}, got ${show(value)}`;
  const fits = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  const fromJson: JsonType<number>["fromJson"] = (json, path) => {
    if (!fits(json)) throw path.decodeError(problem(json));
    return json + 0;
  };
  return {
    toJson: (value, path) => {
      if (!fits(value)) throw path.encodeError(problem(value));
      return value + 0;
    },
    fromJson,
    fromKey: (key, path) => fromJson(DECIMAL.test(key) ? Number(key) : key, path),
    zero: () => 0,
  };
}

export const u8 = integer("u8", 0, 255);
export const i8 = integer("i8", -128, 127);
export const u16 = integer("u16", 0, 65535);
export const i16 = integer("i16", -32768, 32767);
export const u32 = integer("u32", 0, 4294967295);
export const i32 = integer("i32", -2147483648, 2147483647);

/** Decimal text; a JSON number is read too where it is a safe integer. */
function bigInteger(type: string, min: bigint, max: bigint): JsonType<bigint> {
  const problem = (value: unknown): string => `${type} takes ${min} to ${max}, got ${show(value)}`;
  const fromJson: JsonType<bigint>["fromJson"] = (json, path) => {
    // 20 digits and a sign are the longest that may fit: longer text is not worth the conversion.
    const isText = typeof json === "string" && json.length <= 20 && DECIMAL.test(json);
    const value = isText || Number.isSafeInteger(json) ? BigInt(json as string | number) : undefined;
    if (value === undefined || value < min || value > max) throw path.decodeError(problem(json));
    return value;
  };
  return {
    toJson: (value, path) => {
      if (typeof value !== "bigint" || value < min || value > max) throw path.encodeError(problem(value));
      return value.toString();
    },
    fromJson,
    fromKey: fromJson,
    zero: () => 0n,
  };
}

export const i64 = bigInteger("i64", -(2n ** 63n), 2n ** 63n - 1n);
export const u64 = bigInteger("u64", 0n, 2n ** 64n - 1n);

/** In JSON the same as the bigint form. */
function safeInteger(type: string, min: number, wide: JsonType<bigint>): JsonType<number> {
  const problem = (value: unknown): string =>
    `${type} as a number takes ${min} to ${Number.MAX_SAFE_INTEGER}, got ${show(value)}`;
  const fromJson: JsonType<number>["fromJson"] = (json, path) => {
    const value = Number(wide.fromJson(json, path));
    if (!Number.isSafeInteger(value)) throw path.decodeError(problem(json));
    return value;
  };
  return {
    toJson: (value, path) => {
      if (!Number.isSafeInteger(value) || value < min) throw path.encodeError(problem(value));
      return String(value);
    },
    fromJson,
    fromKey: fromJson,
    zero: () => 0,
  };
}

export const i64Number = safeInteger("i64", Number.MIN_SAFE_INTEGER, i64);
export const u64Number = safeInteger("u64", 0, u64);

/** What JSON's numbers cannot say. */
const SPECIAL = new Map<JsonValue, number>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

function float(type: string, round: (value: number) => number): JsonType<number> {
  const fits = (value: number): boolean => Number.isFinite(round(value)) || !Number.isFinite(value);
  return {
    toJson: (value, path) => {
      if (typeof value !== "number" || !fits(value))
        throw path.encodeError(`${type} takes a number, got ${show(value)}`);
      const rounded = round(value);
      if (Object.is(rounded, -0)) return "-0";
      return Number.isFinite(rounded) ? rounded : String(rounded);
    },
    fromJson: (json, path) => {
      const value = typeof json === "number" ? json : SPECIAL.get(json as JsonValue);
      if (value === undefined || !fits(value)) throw path.decodeError(`${type} takes a number, got ${show(json)}`);
      return round(value);
    },
    zero: () => 0,
  };
}

export const f32 = float("f32", Math.fround);
export const f64 = float("f64", (value) => value);
