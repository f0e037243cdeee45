/** What values count among the nodes of a whole one (docs/wire.md, 1.6). */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, TypeRef } from "../../src/ir/schema.js";
import { shapeOf } from "./layout.js";

/** Of a message, an error, a parameter list or a struct: itself, and the zeros of what is always there. */
export function weightOfFields(index: SchemaIndex, fields: readonly Field[]): number {
  let weight = 1;
  for (const field of fields) if (!field.optional) weight += weightOfZero(index, field.type);
  return weight;
}

/** Of an element of a list or the value of an entry, beside what it counts as a message, union or struct. */
export function weightOfElement(index: SchemaIndex, type: TypeRef): number {
  const { kind } = shapeOf(index, type);
  const isDeclared = kind === "message" || kind === "struct" || kind === "union" || kind === "enum";
  return isDeclared ? 1 : 1 + weightOfZero(index, type);
}

function weightOfZero(index: SchemaIndex, type: TypeRef): number {
  const shape = shapeOf(index, type);
  switch (shape.kind) {
    case "scalar":
      return shape.scalar === "bytes" ? 4 : shape.scalar === "timestamp" ? 2 : 0;
    case "list":
      return 1;
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
