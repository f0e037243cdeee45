/** What fits an integer type. */
import type { Scalar } from "./schema.js";

const integers = {
  i8: [-(2n ** 7n), 2n ** 7n - 1n],
  i16: [-(2n ** 15n), 2n ** 15n - 1n],
  i32: [-(2n ** 31n), 2n ** 31n - 1n],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
  u8: [0n, 2n ** 8n - 1n],
  u16: [0n, 2n ** 16n - 1n],
  u32: [0n, 2n ** 32n - 1n],
  u64: [0n, 2n ** 64n - 1n],
} as const;

/** The least and the greatest value of an integer type; undefined for every other type. */
export function integerRange(scalar: Scalar): readonly [bigint, bigint] | undefined {
  return Object.hasOwn(integers, scalar) ? integers[scalar as keyof typeof integers] : undefined;
}
