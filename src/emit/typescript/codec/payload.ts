/** What docs/wire.md makes of each type: its payload, its wire type, and its width where that is fixed. */
import type { WeighedType } from "../../../ir/node-weights.js";
import type { SchemaIndex } from "../../../ir/schema-index.js";
import type { Field, Scalar, TypeRef } from "../../../ir/schema.js";
import { PLAIN_APPEARANCE, typedArrayOf, type Appearance } from "../type-expression.js";
import type { Names } from "../names.js";

/** A type at a place of use, where its field says how it appears. */
export interface Slot {
  readonly type: TypeRef;
  readonly appearance: Appearance;
}

export function slotOf(field: Field): Slot {
  return { type: field.type, appearance: field };
}

export function plainSlot(type: TypeRef): Slot {
  return { type, appearance: PLAIN_APPEARANCE };
}

/** As what its nodes are counted by. */
export function weighed({ type, appearance }: Slot): WeighedType {
  return { type, typedArray: appearance.typedArray };
}

/** What a value is in JavaScript, as far as its zero goes. */
export type Zero = "0" | "0n" | "false" | '""';

export type Payload =
  /** Methods of the writer and the reader take it as it is: varints, floats, 64-bit integers. */
  | { readonly kind: "number"; readonly method: string; readonly width: number; readonly zero: Zero }
  | { readonly kind: "enum"; readonly name: string }
  | { readonly kind: "text" }
  | { readonly kind: "bytes" }
  /** Flat, but too wide for a wire type of its own: timestamps, durations, UUIDs. */
  | { readonly kind: "flat"; readonly method: string; readonly width: number }
  | { readonly kind: "flatStruct"; readonly name: string; readonly width: number }
  | { readonly kind: "struct"; readonly name: string }
  | { readonly kind: "message"; readonly name: string }
  | { readonly kind: "union"; readonly name: string }
  | { readonly kind: "typedArray"; readonly constructor: string }
  | { readonly kind: "flatList"; readonly element: Slot; readonly width: number }
  | { readonly kind: "structList"; readonly element: Slot; readonly struct: string }
  | { readonly kind: "list"; readonly element: Slot }
  | { readonly kind: "map"; readonly key: Slot; readonly value: Slot };

const WIDTHS: Readonly<Record<Exclude<Scalar, "string" | "bytes">, number>> = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  i64: 8,
  u64: 8,
  f64: 8,
  timestamp: 12,
  duration: 12,
  uuid: 16,
};

/** A struct without fields is one byte. */
const EMPTY_STRUCT_WIDTH = 1;

export class Layout {
  readonly names: Names;
  readonly #index: SchemaIndex;
  /** By full name; undefined while it is being found, which makes recursion through lists not flat. */
  readonly #structWidths = new Map<string, number | undefined>();

  constructor(names: Names) {
    this.names = names;
    this.#index = names.index;
  }

  payload({ type, appearance }: Slot): Payload {
    const concrete = this.#index.concrete(type);
    switch (concrete.kind) {
      case "scalar":
        return scalarPayload(concrete.scalar, appearance);
      case "list":
        return this.#listPayload(concrete.element, appearance);
      case "map":
        return { kind: "map", key: { type: concrete.key, appearance }, value: { type: concrete.value, appearance } };
      case "declared": {
        const { kind, fullName: name } = concrete.declaration;
        if (kind !== "struct") return { kind, name };
        const width = this.flatWidth(type);
        return width === undefined ? { kind, name } : { kind: "flatStruct", name, width };
      }
    }
  }

  #listPayload(elementType: TypeRef, appearance: Appearance): Payload {
    const constructor = appearance.typedArray ? typedArrayOf(this.names, elementType) : undefined;
    if (constructor !== undefined) return { kind: "typedArray", constructor };
    const element: Slot = { type: elementType, appearance };
    const width = this.flatWidth(elementType);
    if (width !== undefined) return { kind: "flatList", element, width };
    const payload = this.payload(element);
    return payload.kind === "struct"
      ? { kind: "structList", element, struct: payload.name }
      : { kind: "list", element };
  }

  /** The bytes of a flat type; undefined where the type is not flat. */
  flatWidth(type: TypeRef): number | undefined {
    const concrete = this.#index.concrete(type);
    if (concrete.kind === "scalar") {
      return concrete.scalar === "string" || concrete.scalar === "bytes" ? undefined : WIDTHS[concrete.scalar];
    }
    if (concrete.kind !== "declared") return undefined;
    const { declaration } = concrete;
    if (declaration.kind === "enum") return WIDTHS.i32;
    return declaration.kind === "struct" ? this.#structWidth(declaration.fullName, declaration.fields) : undefined;
  }

  #structWidth(name: string, fields: readonly Field[]): number | undefined {
    if (!this.#structWidths.has(name)) {
      this.#structWidths.set(name, undefined);
      const widths = fields.map((field) => (field.optional ? undefined : this.flatWidth(field.type)));
      const isFlat = widths.every((width) => width !== undefined);
      this.#structWidths.set(
        name,
        isFlat ? widths.reduce((sum, width) => sum + width, 0) || EMPTY_STRUCT_WIDTH : undefined,
      );
    }
    return this.#structWidths.get(name);
  }

  /** Whether nothing that counts towards the depth of a value is within the payload. */
  isLeaf(slot: Slot): boolean {
    const payload = this.payload(slot);
    switch (payload.kind) {
      case "message":
      case "union":
      case "struct":
      case "structList":
        return false;
      case "list":
        return this.isLeaf(payload.element);
      case "map":
        return this.isLeaf(payload.value);
      default:
        return true;
    }
  }

  wireType(slot: Slot): number {
    const payload = this.payload(slot);
    switch (payload.kind) {
      case "number":
        if (payload.width === 8) return 2;
        return payload.method === "f32" ? 1 : 0;
      case "enum":
        return 0;
      case "text":
        return 3;
      case "bytes":
      case "flat":
      case "flatStruct":
      case "typedArray":
      case "flatList":
        return 4;
      case "message":
      case "union":
        return 5;
      case "list":
      case "map":
        return 6;
      case "struct":
      case "structList":
        return 7;
    }
  }

  tag(field: Field): number {
    return field.number * 8 + this.wireType(slotOf(field));
  }
}

function scalarPayload(scalar: Scalar, { int64, nanos }: Appearance): Payload {
  switch (scalar) {
    case "string":
      return { kind: "text" };
    case "bytes":
      return { kind: "bytes" };
    case "timestamp":
    case "duration":
      return { kind: "flat", method: nanos ? `${scalar}Nanos` : scalar, width: WIDTHS[scalar] };
    case "uuid":
      return { kind: "flat", method: scalar, width: WIDTHS[scalar] };
    case "bool":
      return { kind: "number", method: scalar, width: WIDTHS[scalar], zero: "false" };
    case "i64":
    case "u64":
      if (int64 === "bigint") return { kind: "number", method: scalar, width: WIDTHS[scalar], zero: "0n" };
      return { kind: "number", method: `${scalar}Number`, width: WIDTHS[scalar], zero: "0" };
    default:
      return { kind: "number", method: scalar, width: WIDTHS[scalar], zero: "0" };
  }
}
