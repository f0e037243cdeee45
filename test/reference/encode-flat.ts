/** The bytes of flat types (docs/wire.md, 1.2). */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Scalar, TypeRef } from "../../src/ir/schema.js";
import { flatWidth, type Forms, property, SCALAR_WIDTH, shapeOf } from "./layout.js";

export function flatBytes(index: SchemaIndex, type: TypeRef, value: unknown, forms: Forms): number[] {
  const shape = shapeOf(index, type);
  switch (shape.kind) {
    case "enum":
      return little(BigInt(value as number), 4);
    case "struct":
      if (shape.fields.length === 0) return [0];
      return shape.fields.flatMap((field) =>
        flatBytes(index, field.type, (value as Record<string, unknown>)[property(field)], field),
      );
    case "scalar":
      return scalarBytes(shape.scalar, value, forms);
    default:
      throw new Error(`${flatWidth(index, type)}: not flat`);
  }
}

function scalarBytes(scalar: Scalar, value: unknown, forms: Forms): number[] {
  switch (scalar) {
    case "bool":
      return [value === true ? 1 : 0];
    case "f32":
      return floatBytes(value as number, 4);
    case "f64":
      return floatBytes(value as number, 8);
    case "timestamp":
    case "duration":
      return secondsAndNanos(nanosOf(scalar, value, forms));
    case "uuid":
      return (
        (value as string)
          .replaceAll("-", "")
          .match(/../g)
          ?.map((pair) => parseInt(pair, 16)) ?? []
      );
    default:
      return little(BigInt(value as number | bigint), SCALAR_WIDTH[scalar] ?? 0);
  }
}

export const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

function little(value: bigint, width: number): number[] {
  const unsigned = BigInt.asUintN(width * 8, value);
  return Array.from({ length: width }, (_, at) => Number((unsigned >> BigInt(8 * at)) & 255n));
}

function floatBytes(value: number, width: 4 | 8): number[] {
  if (Number.isNaN(value)) return width === 4 ? [0, 0, 0xc0, 0x7f] : [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  const view = new DataView(new ArrayBuffer(width));
  if (width === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return [...new Uint8Array(view.buffer)];
}

function nanosOf(scalar: Scalar, value: unknown, forms: Forms): bigint {
  if (forms.nanos) return value as bigint;
  if (scalar === "timestamp") return BigInt((value as Date).getTime()) * 1_000_000n;
  const millis = Math.floor(value as number);
  return BigInt(millis) * 1_000_000n + BigInt(Math.round(((value as number) - millis) * 1e6));
}

const NANOS = 1_000_000_000n;

function secondsAndNanos(nanos: bigint): number[] {
  const below = ((nanos % NANOS) + NANOS) % NANOS;
  return [...little((nanos - below) / NANOS, 8), ...little(below, 4)];
}
