/** What values count among the nodes of a whole one (docs/wire.md, 1.6). */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, TypeRef } from "../../src/ir/schema.js";
import { flatWidth, shapeOf } from "./layout.js";

/** The unknown fields of a message, or an unknown member. */
export const UNKNOWN_WEIGHT = 4;

interface Use {
  readonly type: TypeRef;
  readonly typedArray: boolean;
}

/** Of a message, an error, a parameter list or a struct: itself, its width, and the zeros of what is always there. */
export function weightOfFields(index: SchemaIndex, fields: readonly Field[]): number {
  const always = fields.filter((field) => !field.optional);
  let eighths = 0;
  for (const { type } of always) eighths += isBoxed(index, type) ? 3 : 1;
  const isDear = always.length > 100 || fields.length - always.length > 12;
  let weight = 1 + (isDear ? always.length : Math.floor(eighths / 8));
  for (const field of always) weight += weightOfZero(index, field);
  return weight;
}

function isBoxed(index: SchemaIndex, type: TypeRef): boolean {
  const shape = shapeOf(index, type);
  if (shape.kind === "enum") return true;
  return shape.kind === "scalar" && ["i32", "u32", "i64", "u64", "f32", "f64", "duration"].includes(shape.scalar);
}

/** Of an element of a list or the value of an entry, beside what it counts as a message, union or struct. */
export function weightOfElement(index: SchemaIndex, use: Use): number {
  return 1 + weightOfPresent(index, use);
}

/** Of an optional field that is present, and of a union's member, likewise. */
export function weightOfPresent(index: SchemaIndex, use: Use): number {
  const { kind } = shapeOf(index, use.type);
  if (kind === "struct") return weightOfDense(index, use.type);
  return kind === "scalar" || kind === "list" || kind === "map" ? weightOfZero(index, use) : 0;
}

/** Of a flat struct that is not a field that is always there; 0 of any that has bytes enough, and of other types. */
export function weightOfDense(index: SchemaIndex, type: TypeRef): number {
  const width = flatWidth(index, type);
  if (width === undefined || shapeOf(index, type).kind !== "struct") return 0;
  const weight = weightOfZero(index, { type, typedArray: false });
  return width < 8 || width < 4 * weight ? weight : 0;
}

function weightOfZero(index: SchemaIndex, { type, typedArray }: Use): number {
  const shape = shapeOf(index, type);
  switch (shape.kind) {
    case "scalar":
      return shape.scalar === "bytes" ? 4 : shape.scalar === "timestamp" ? 2 : 0;
    case "list": {
      const element = shapeOf(index, shape.element);
      const isNumbers = element.kind === "scalar" && /^([iu](8|16|32|64)|f32|f64)$/.test(element.scalar);
      return typedArray && isNumbers ? 4 : 1;
    }
    case "map":
      return 4;
    case "message":
    case "struct":
      return weightOfFields(index, shape.fields);
    case "union":
    case "enum":
      return 0;
  }
}
