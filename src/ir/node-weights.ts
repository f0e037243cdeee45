/** What values count among the nodes that docs/wire.md bounds: a rough measure of the memory that they take once decoded. */
import type { SchemaIndex } from "./schema-index.js";
import type { Field, TypeRef } from "./schema.js";

const LIST = 1;
const BYTES = 4;
const MAP = 4;
const TIMESTAMP = 2;
/** An object with a buffer behind it, as bytes are. */
const TYPED_ARRAY = BYTES;

/** What a field that is always there takes in its object: as many words count 1. */
const WORDS_A_NODE = 8;
/** Of a number that engines may keep in a box of its own. */
const WORDS_OF_BOXED = 3;
const BOXED = /^(?:[iuf](?:32|64)|duration)$/;
/** Of more fields than this each counts 1: engines make a hash table of an object as wide as that. */
const WIDE = 100;
/** And beside more optional fields than this: each object may have a shape of its own, which names all its fields. */
const MANY_SHAPES = 12;

/** A flat struct's elements count by their weight where their bytes are fewer than this, or than `DENSE_NODE` for each of it. */
const DENSE = 8;
const DENSE_NODE = 4;

/** A type at a place of use: `@typedArray` is on its field. */
export interface WeighedType {
  readonly type: TypeRef;
  readonly typedArray: boolean;
}

export class NodeWeights {
  readonly #index: SchemaIndex;
  readonly #flatWidth: (type: TypeRef) => number | undefined;
  /** By full name; 0 while it is being found: what holds itself without `?`, `[]` or a map has no zero. */
  readonly #known = new Map<string, number>();

  /** `flatWidth` gives the bytes of a flat type, and undefined where the type is not flat. */
  constructor(index: SchemaIndex, flatWidth: (type: TypeRef) => number | undefined) {
    this.#index = index;
    this.#flatWidth = flatWidth;
  }

  /** Of a message, an error, a parameter list, or a struct, with the zeros of its fields: an absent one is there as such. */
  ofRecord(fields: readonly Field[]): number {
    const there = fields.filter(({ optional }) => !optional);
    const isDear = there.length > WIDE || fields.length - there.length > MANY_SHAPES;
    const words = there.reduce((sum, { type }) => sum + this.#words(type), 0);
    const own = isDear ? there.length : Math.floor(words / WORDS_A_NODE);
    return there.reduce((sum, field) => sum + this.ofZero(field), 1 + own);
  }

  #words(type: TypeRef): number {
    const concrete = this.#index.concrete(type);
    const isBoxed =
      concrete.kind === "scalar"
        ? BOXED.test(concrete.scalar)
        : concrete.kind === "declared" && concrete.declaration.kind === "enum";
    return isBoxed ? WORDS_OF_BOXED : 1;
  }

  /** Of an element of a list that is not flat, or an entry of a map, beside what it counts itself. */
  ofElement(use: WeighedType): number {
    return 1 + this.ofPresent(use);
  }

  /** Of an optional field that is there, a member of a union or an element, beside what it counts itself. */
  ofPresent(use: WeighedType): number {
    const concrete = this.#index.concrete(use.type);
    if (concrete.kind !== "declared") return this.ofZero(use);
    return concrete.declaration.kind === "struct" ? this.ofFlatStruct(use.type) : 0;
  }

  /** Of a flat struct wherever it is not the field of a record; 0 where its bytes are enough, and for what is none. */
  ofFlatStruct(type: TypeRef): number {
    const concrete = this.#index.concrete(type);
    const width = this.#flatWidth(type);
    if (concrete.kind !== "declared" || concrete.declaration.kind !== "struct" || width === undefined) return 0;
    const weight = this.ofZero({ type, typedArray: false });
    return width < Math.max(DENSE, DENSE_NODE * weight) ? weight : 0;
  }

  /** Of the zero of a type. */
  ofZero({ type, typedArray }: WeighedType): number {
    const concrete = this.#index.concrete(type);
    switch (concrete.kind) {
      case "scalar":
        if (concrete.scalar === "bytes") return BYTES;
        return concrete.scalar === "timestamp" ? TIMESTAMP : 0;
      case "list":
        return typedArray && this.#isNumber(concrete.element) ? TYPED_ARRAY : LIST;
      case "map":
        return MAP;
      case "declared": {
        const { declaration } = concrete;
        if (declaration.kind === "enum" || declaration.kind === "union") return 0;
        return this.#ofDeclared(declaration.fullName, declaration.fields);
      }
    }
  }

  #isNumber(type: TypeRef): boolean {
    const concrete = this.#index.concrete(type);
    return concrete.kind === "scalar" && /^[iuf]\d/.test(concrete.scalar);
  }

  #ofDeclared(name: string, fields: readonly Field[]): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#known.set(name, 0);
    const weight = this.ofRecord(fields);
    this.#known.set(name, weight);
    return weight;
  }
}
