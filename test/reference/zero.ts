/** What a field that is not optional reads as when it is absent (docs/wire.md, 1.4). */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Scalar, TypeRef } from "../../src/ir/schema.js";
import { typedArrayOf } from "./decode-flat.js";
import { refuse } from "./input.js";
import { type Forms, property, shapeOf } from "./layout.js";

/** @throws Refused where the type has none: it is, or always holds, a union. */
export function zeroOf(index: SchemaIndex, type: TypeRef, forms: Forms): unknown {
  const shape = shapeOf(index, type);
  switch (shape.kind) {
    case "enum":
      return 0;
    case "map":
      return new Map();
    case "list": {
      const element = shapeOf(index, shape.element);
      const isTyped = forms.typedArray && element.kind === "scalar";
      return (isTyped ? typedArrayOf(element.scalar, []) : undefined) ?? [];
    }
    case "union":
      return refuse("a union is missing");
    case "message":
    case "struct": {
      const value: Record<string, unknown> = {};
      for (const field of shape.fields) {
        if (!field.optional) value[property(field)] = zeroOf(index, field.type, field);
      }
      return value;
    }
    case "scalar":
      return zeroOfScalar(shape.scalar, forms);
  }
}

function zeroOfScalar(scalar: Scalar, forms: Forms): unknown {
  switch (scalar) {
    case "bool":
      return false;
    case "string":
      return "";
    case "bytes":
      return new Uint8Array();
    case "uuid":
      return "00000000-0000-0000-0000-000000000000";
    case "timestamp":
      return forms.nanos ? 0n : new Date(0);
    case "duration":
      return forms.nanos ? 0n : 0;
    case "i64":
    case "u64":
      return forms.int64 === "bigint" ? 0n : 0;
    default:
      return 0;
  }
}
