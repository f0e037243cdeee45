/** How single values are drawn: within their constraints, and often enough the same, so that calls meet. */
import type { Constraints, Scalar } from "../../ir/schema.js";
import { fc, options, type Argument, type Plan } from "./plan.js";

/** How a field shows its type, and what it asks of it. */
export interface Use {
  readonly int64: "bigint" | "number";
  readonly nanos: boolean;
  readonly typedArray: boolean;
  readonly constraints?: Constraints | undefined;
}

const BITS: { readonly [S in Scalar]?: number } = { i8: 8, i16: 16, i32: 32, u8: 8, u16: 16, u32: 32 };
/** 0001-01-01 and the end of 9999. */
const FIRST = { iso: "0001-01-01T00:00:00.000Z", nanos: -62_135_596_800_000_000_000n };
const LAST = { iso: "9999-12-31T23:59:59.999Z", nanos: 253_402_300_799_999_999_999n };
/** Of durations without bounds: about 12 days either way. */
const DURATION_MS = 1_000_000_000;
const NANOS_A_MS = 1_000_000n;
/** Ids that are drawn again and again: what one call made, another finds. */
const FAMILIAR_UUIDS = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
const FAMILIAR_TEXTS = ["a", "b"];

export function drawScalar(scalar: Scalar, use: Use): Plan {
  const { min, max } = use.constraints ?? {};
  switch (scalar) {
    case "bool":
      return fc("boolean");
    case "i64":
    case "u64":
      return drawInt64(scalar, use);
    case "f32":
      return fc("float", ...floatOptions(min, max, true));
    case "f64":
      return fc("double", ...floatOptions(min, max, false));
    case "string":
      return drawText(use.constraints ?? {});
    case "bytes":
      return fc("uint8Array", ...lengthOptions(use.constraints));
    case "timestamp":
      return use.nanos
        ? fc("bigInt", ...options({ min: FIRST.nanos, max: LAST.nanos }))
        : fc("date", ...options({ min: { kind: "date", iso: FIRST.iso }, max: { kind: "date", iso: LAST.iso }, noInvalidDate: true }));
    case "duration":
      return drawDuration(use);
    case "uuid":
      return fc("oneof", fc("constantFrom", ...FAMILIAR_UUIDS), fc("uuid"));
    default: {
      const bits = BITS[scalar] ?? 32;
      const [least, most] = scalar.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
      return fc("integer", ...options({ min: min === undefined ? least : Number(min), max: max === undefined ? most : Number(max) }));
    }
  }
}

function drawInt64(scalar: "i64" | "u64", { int64, constraints = {} }: Use): Plan {
  const safe = BigInt(Number.MAX_SAFE_INTEGER);
  const [least, most] = scalar === "u64" ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  const min = constraints.min === undefined ? least : BigInt(constraints.min);
  const max = constraints.max === undefined ? most : BigInt(constraints.max);
  if (int64 === "bigint") return fc("bigInt", ...options({ min, max }));
  return fc("integer", ...options({ min: Number(min < -safe ? -safe : min), max: Number(max > safe ? safe : max) }));
}

function drawDuration({ nanos, constraints = {} }: Use): Plan {
  const bound = (text: string | undefined, sign: 1n | -1n): bigint =>
    text === undefined ? sign * BigInt(DURATION_MS) * NANOS_A_MS : BigInt(text);
  const [min, max] = [bound(constraints.min, -1n), bound(constraints.max, 1n)];
  // A bound beyond the usual range moves the other end with it.
  const [from, to] = [min, max < min ? min : max];
  if (nanos) return fc("bigInt", ...options({ min: from, max: to }));
  const [fromMs, toMs] = [Number(from) / 1e6, Number(to) / 1e6];
  // Between two bounds within one millisecond there are only fractions.
  if (Math.ceil(fromMs) > Math.floor(toMs)) return fc("constant", fromMs);
  return fc("integer", ...options({ min: Math.ceil(fromMs), max: Math.floor(toMs) }));
}

/** Neither NaN nor the infinities: `NaN` is not itself, so that a handler that compares would seem to have changed. */
function floatOptions(min: string | undefined, max: string | undefined, single: boolean): Argument[] {
  const bound = (text: string | undefined, direction: 1 | -1): number | undefined => {
    if (text === undefined) return undefined;
    return single ? singleWithin(Number(text), direction) : Number(text);
  };
  return options({ min: bound(min, 1), max: bound(max, -1), noNaN: true, noDefaultInfinity: true });
}

/** The f32 next to a bound on the side that keeps it. */
function singleWithin(bound: number, direction: 1 | -1): number {
  const single = Math.fround(bound);
  if (direction === 1 ? single >= bound : single <= bound) return single;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, single);
  const isPositive = single > 0 || Object.is(single, 0);
  const isAway = isPositive === (direction === 1);
  view.setInt32(0, view.getInt32(0) + (isAway ? 1 : -1));
  return view.getFloat32(0);
}

function drawText(constraints: Constraints): Plan {
  const { pattern, minLength, maxLength } = constraints;
  if (pattern !== undefined) {
    const of = fc("stringMatching", { kind: "pattern", source: pattern }, ...options({ maxLength }));
    return minLength === undefined || minLength === 0 ? of : { kind: "longEnough", of, length: minLength };
  }
  const any = fc("string", ...lengthOptions(constraints));
  const familiar = FAMILIAR_TEXTS.filter((text) => text.length >= (minLength ?? 0) && text.length <= (maxLength ?? 1));
  return familiar.length === 0 ? any : fc("oneof", fc("constantFrom", ...familiar), any);
}

function lengthOptions(constraints: Constraints | undefined): Argument[] {
  return options({ minLength: constraints?.minLength, maxLength: constraints?.maxLength });
}
