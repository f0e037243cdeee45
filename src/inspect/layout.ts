/** What docs/wire.md, 1.2 to 1.4, says of each type: whether it is flat, how wide, its wire type, and whether it has a zero. */
import { NodeWeights } from "../ir/node-weights.js";
import type { ConcreteType, SchemaIndex } from "../ir/schema-index.js";
import type { Field, Scalar, Struct, TypeRef } from "../ir/schema.js";

export const WireType = { VARINT: 0, FIXED4: 1, FIXED8: 2, TEXT: 3, BYTES: 4, MESSAGE: 5, LIST: 6, BLOCK: 7 } as const;
const names = Object.keys(WireType);

export function wireTypeName(wireType: number): string {
  return names[wireType] ?? String(wireType);
}

const WIDTHS: Readonly<Record<Exclude<Scalar, "string" | "bytes">, number>> = {
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
const ENUM_WIDTH = 4;
const EMPTY_STRUCT_WIDTH = 1;

export class Layout {
  readonly weights: NodeWeights;
  readonly #index: SchemaIndex;
  readonly #widths = new Map<Struct, number | undefined>();
  readonly #haveZeros = new Map<readonly Field[], boolean>();

  constructor(index: SchemaIndex) {
    this.weights = new NodeWeights(index, (type) => this.flatWidth(type));
    this.#index = index;
  }

  concrete(type: TypeRef): ConcreteType {
    return this.#index.concrete(type);
  }

  /** In bytes; undefined where the type is not flat. */
  flatWidth(type: TypeRef): number | undefined {
    const concrete = this.concrete(type);
    if (concrete.kind === "scalar")
      return concrete.scalar === "string" || concrete.scalar === "bytes" ? undefined : WIDTHS[concrete.scalar];
    if (concrete.kind !== "declared") return undefined;
    const { declaration } = concrete;
    if (declaration.kind === "enum") return ENUM_WIDTH;
    return declaration.kind === "struct" ? this.#structWidth(declaration) : undefined;
  }

  #structWidth(struct: Struct): number | undefined {
    if (this.#widths.has(struct)) return this.#widths.get(struct);
    // A struct within itself stands behind a list or is optional, and so is not flat.
    this.#widths.set(struct, undefined);
    const widths = struct.fields.map((field) => (field.optional ? undefined : this.flatWidth(field.type)));
    const isFlat = widths.every((width) => width !== undefined);
    const width = isFlat ? widths.reduce((sum, each) => sum + each, 0) || EMPTY_STRUCT_WIDTH : undefined;
    this.#widths.set(struct, width);
    return width;
  }

  wireType(type: TypeRef): number {
    const concrete = this.concrete(type);
    switch (concrete.kind) {
      case "scalar":
        return scalarWireType(concrete.scalar);
      case "map":
        return WireType.LIST;
      case "list":
        if (this.flatWidth(concrete.element) !== undefined) return WireType.BYTES;
        return this.wireType(concrete.element) === WireType.BLOCK && this.#isStruct(concrete.element)
          ? WireType.BLOCK
          : WireType.LIST;
      case "declared":
        switch (concrete.declaration.kind) {
          case "enum":
            return WireType.VARINT;
          case "struct":
            return this.flatWidth(type) === undefined ? WireType.BLOCK : WireType.BYTES;
          default:
            return WireType.MESSAGE;
        }
    }
  }

  #isStruct(type: TypeRef): boolean {
    const concrete = this.concrete(type);
    return concrete.kind === "declared" && concrete.declaration.kind === "struct";
  }

  /** Whether a field of the type may be absent: not a union, nor what holds one without choice. */
  hasZero(type: TypeRef): boolean {
    const concrete = this.concrete(type);
    if (concrete.kind !== "declared") return true;
    const { declaration } = concrete;
    if (declaration.kind === "union") return false;
    return declaration.kind === "enum" || this.#fieldsHaveZeros(declaration.fields);
  }

  #fieldsHaveZeros(fields: readonly Field[]): boolean {
    const known = this.#haveZeros.get(fields);
    if (known !== undefined) return known;
    this.#haveZeros.set(fields, false);
    const found = fields.every((field) => field.optional || this.hasZero(field.type));
    this.#haveZeros.set(fields, found);
    return found;
  }

  /** Whether a value of these types may hold a `@sensitive` field. */
  reachesSensitive(types: Iterable<TypeRef>): boolean {
    const reached = new Set<readonly Field[]>();
    const reach = (type: TypeRef): void => {
      const concrete = this.concrete(type);
      if (concrete.kind === "list") reach(concrete.element);
      else if (concrete.kind === "map") reach(concrete.value);
      else if (concrete.kind === "declared" && concrete.declaration.kind !== "enum")
        reached.add(concrete.declaration.kind === "union" ? concrete.declaration.members : concrete.declaration.fields);
    };
    for (const type of types) reach(type);
    // A set is walked in order of insertion, so that what is added on the way is visited too, however far that leads.
    for (const fields of reached) {
      if (fields.some((field) => field.sensitive)) return true;
      for (const { type } of fields) reach(type);
    }
    return false;
  }
}

function scalarWireType(scalar: Scalar): number {
  switch (scalar) {
    case "f32":
      return WireType.FIXED4;
    case "f64":
    case "i64":
    case "u64":
      return WireType.FIXED8;
    case "string":
      return WireType.TEXT;
    case "bytes":
    case "timestamp":
    case "duration":
    case "uuid":
      return WireType.BYTES;
    default:
      return WireType.VARINT;
  }
}
