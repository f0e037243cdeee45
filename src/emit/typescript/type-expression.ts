/** Types of the schema as TypeScript writes them: decoded, or as a caller may write them. */
import type { Field, Scalar, TypeRef } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { generic } from "./code-writer/shapes.js";
import type { Names } from "./names.js";
import { globalSymbol } from "./symbol.js";

/** "decoded": what a reader gets. "init": what a writer may give, without what is optional or has a default. */
export type Form = "decoded" | "init";

/** How a field asks for its type to appear. */
export type Appearance = Pick<Field, "int64" | "nanos" | "typedArray">;

/** Of types that stand outside a field: results, elements of streams, aliases, constants. */
export const PLAIN_APPEARANCE: Appearance = { int64: "bigint", nanos: false, typedArray: false };

export const TYPED_ARRAYS: { readonly [S in Scalar]?: string } = {
  i8: "Int8Array",
  i16: "Int16Array",
  i32: "Int32Array",
  i64: "BigInt64Array",
  u8: "Uint8Array",
  u16: "Uint16Array",
  u32: "Uint32Array",
  u64: "BigUint64Array",
  f32: "Float32Array",
  f64: "Float64Array",
};

export function typeExpression(
  names: Names,
  type: TypeRef,
  form: Form,
  appearance: Appearance = PLAIN_APPEARANCE,
): Doc {
  switch (type.kind) {
    case "scalar":
      return scalarType(type.scalar, appearance);
    case "list": {
      const typedArray = appearance.typedArray ? typedArrayOf(names, type.element) : undefined;
      if (typedArray !== undefined) return globalSymbol(typedArray);
      return [typeExpression(names, type.element, form, appearance), "[]"];
    }
    case "map":
      return generic(
        globalSymbol("Map"),
        typeExpression(names, type.key, form, appearance),
        typeExpression(names, type.value, form, appearance),
      );
    case "named": {
      const declaration = names.index.declaration(type.name);
      if (declaration.kind === "alias" && changesWith(names, declaration.type, appearance)) {
        return typeExpression(names, declaration.type, form, appearance);
      }
      return form === "init" ? names.init(type.name) : names.type(type.name);
    }
  }
}

/** The name of the typed array that holds lists of a type, if it is a number of fixed width. */
export function typedArrayOf(names: Names, element: TypeRef): string | undefined {
  const concrete = names.index.concrete(element);
  return concrete.kind === "scalar" ? TYPED_ARRAYS[concrete.scalar] : undefined;
}

function scalarType(scalar: Scalar, appearance: Appearance): Doc {
  switch (scalar) {
    case "bool":
      return "boolean";
    case "string":
    case "uuid":
      return "string";
    case "bytes":
      return globalSymbol("Uint8Array");
    case "timestamp":
      return appearance.nanos ? "bigint" : globalSymbol("Date");
    case "duration":
      return appearance.nanos ? "bigint" : "number";
    case "i64":
    case "u64":
      return appearance.int64;
    default:
      return "number";
  }
}

/** Sentences on what a number of the type counts, where its type in TypeScript does not say it. */
export function unitNote(names: Names, type: TypeRef, appearance: Appearance = PLAIN_APPEARANCE): readonly string[] {
  const concrete = names.index.concrete(type);
  if (concrete.kind === "list") return unitNote(names, concrete.element, appearance);
  if (concrete.kind === "map") return unitNote(names, concrete.value, appearance);
  if (concrete.kind !== "scalar") return [];
  if (concrete.scalar === "duration") return [appearance.nanos ? "In nanoseconds." : "In milliseconds."];
  return concrete.scalar === "timestamp" && appearance.nanos ? ["In nanoseconds since 1970-01-01T00:00:00Z."] : [];
}

/** Whether a type looks otherwise in a field of this appearance, so that an alias of it cannot stand for it. */
function changesWith(names: Names, type: TypeRef, appearance: Appearance): boolean {
  switch (type.kind) {
    case "scalar":
      if (type.scalar === "timestamp" || type.scalar === "duration") return appearance.nanos;
      return (type.scalar === "i64" || type.scalar === "u64") && appearance.int64 === "number";
    case "list":
      if (appearance.typedArray && typedArrayOf(names, type.element) !== undefined) return true;
      return changesWith(names, type.element, appearance);
    case "map":
      return changesWith(names, type.key, appearance) || changesWith(names, type.value, appearance);
    case "named": {
      const declaration = names.index.declaration(type.name);
      return declaration.kind === "alias" && changesWith(names, declaration.type, appearance);
    }
  }
}
