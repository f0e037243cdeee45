/** What docs/wire.md sections 1.2 and 1.3 say of each type: whether it is flat, how wide, and its wire type. */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Field, Scalar, TypeRef } from "../../src/ir/schema.js";

/** How values of a field look in TypeScript. */
export interface Forms {
  readonly int64: "bigint" | "number";
  readonly nanos: boolean;
  readonly typedArray: boolean;
}

/** Of a value that is not a field. */
export const PLAIN: Forms = { int64: "bigint", nanos: false, typedArray: false };

/** Messages, errors and parameter lists: fields by number, and the name under which unknown ones are kept. */
export interface FieldList {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** What a value that stands alone may be. */
export type Root = { readonly kind: "type"; readonly type: TypeRef } | ({ readonly kind: "fields" } & FieldList);

/** The kind under which a value is laid out; aliases are seen through. */
export type Shape =
  | { readonly kind: "scalar"; readonly scalar: Scalar }
  | { readonly kind: "enum" }
  | { readonly kind: "list"; readonly element: TypeRef }
  | { readonly kind: "map"; readonly key: TypeRef; readonly value: TypeRef }
  | { readonly kind: "struct"; readonly fields: readonly Field[] }
  | ({ readonly kind: "message" } & FieldList)
  | { readonly kind: "union"; readonly members: readonly Field[] };

export function shapeOf(index: SchemaIndex, type: TypeRef): Shape {
  const concrete = index.concrete(type);
  if (concrete.kind !== "declared") return concrete;
  const { declaration } = concrete;
  switch (declaration.kind) {
    case "enum":
      return { kind: "enum" };
    case "struct":
      return { kind: "struct", fields: declaration.fields };
    case "message":
      return { kind: "message", name: declaration.fullName, fields: declaration.fields };
    case "union":
      return { kind: "union", members: declaration.members };
  }
}

export const SCALAR_WIDTH: Partial<Record<Scalar, number>> = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
  timestamp: 12,
  duration: 12,
  uuid: 16,
};

/** Type references belong to one schema, so they can be remembered by identity. */
const widths = new WeakMap<TypeRef, { readonly width: number | undefined }>();

/** The width of a flat type in bytes; undefined where the type is not flat. */
export function flatWidth(index: SchemaIndex, type: TypeRef): number | undefined {
  const known = widths.get(type);
  if (known !== undefined) return known.width;
  const width = measure(index, shapeOf(index, type));
  widths.set(type, { width });
  return width;
}

function measure(index: SchemaIndex, shape: Shape): number | undefined {
  switch (shape.kind) {
    case "scalar":
      return SCALAR_WIDTH[shape.scalar];
    case "enum":
      return 4;
    case "struct": {
      let sum = 0;
      for (const field of shape.fields) {
        const width = field.optional ? undefined : flatWidth(index, field.type);
        if (width === undefined) return undefined;
        sum += width;
      }
      return Math.max(sum, 1);
    }
    default:
      return undefined;
  }
}

export const Wire = { VARINT: 0, FIXED4: 1, FIXED8: 2, TEXT: 3, BYTES: 4, MESSAGE: 5, LIST: 6, BLOCK: 7 } as const;

export function wireTypeOf(index: SchemaIndex, type: TypeRef): number {
  const shape = shapeOf(index, type);
  switch (shape.kind) {
    case "scalar":
      return wireTypeOfScalar(shape.scalar);
    case "enum":
      return Wire.VARINT;
    case "message":
    case "union":
      return Wire.MESSAGE;
    case "map":
      return Wire.LIST;
    case "struct":
      return flatWidth(index, type) === undefined ? Wire.BLOCK : Wire.BYTES;
    case "list":
      if (flatWidth(index, shape.element) !== undefined) return Wire.BYTES;
      return shapeOf(index, shape.element).kind === "struct" ? Wire.BLOCK : Wire.LIST;
  }
}

function wireTypeOfScalar(scalar: Scalar): number {
  switch (scalar) {
    case "f32":
      return Wire.FIXED4;
    case "f64":
    case "i64":
    case "u64":
      return Wire.FIXED8;
    case "string":
      return Wire.TEXT;
    case "bytes":
    case "timestamp":
    case "duration":
    case "uuid":
      return Wire.BYTES;
    default:
      return Wire.VARINT;
  }
}

/** Strings of this many units stand by themselves, shorter ones in the pool. */
export const LONG_TEXT_UNITS = 256;

export const byNumber = (fields: readonly Field[]): Field[] => [...fields].sort((a, b) => a.number - b.number);

/** The name of a field in a TypeScript object. */
export const property = (field: Field): string => field.tsName ?? field.name;

/** The key under which generated code, and the reference too, keeps the fields of a message that its type does not know. */
export const UNKNOWN: unique symbol = Symbol.for("rpcgen.unknownFields") as never;

/** A message of the unknown fields alone, as a whole value, and the name of the message that they were in. */
export interface Unknown {
  readonly type: string;
  readonly bytes: Uint8Array;
}
