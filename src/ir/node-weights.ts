/** What values count among the nodes that docs/wire.md bounds: a rough measure of the memory that they take once decoded. */
import type { SchemaIndex } from "./schema-index.js";
import type { Field, TypeRef } from "./schema.js";

/** An absent field that is not optional is there all the same, as the zero of its type. */
const ZERO_OF_LIST = 1;
const ZERO_OF_BYTES = 4;
const ZERO_OF_MAP = 4;
const ZERO_OF_TIMESTAMP = 2;

export class NodeWeights {
  readonly #index: SchemaIndex;
  /** By full name; 0 while it is being found: what holds itself without `?`, `[]` or a map has no zero. */
  readonly #known = new Map<string, number>();

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  /** Of a message, an error, a parameter list, or a struct that is not flat. */
  ofRecord(fields: readonly Field[]): number {
    return fields.reduce((sum, field) => (field.optional ? sum : sum + this.ofZero(field.type)), 1);
  }

  /** Of an element of a list or a value of a map, beside what it counts itself. */
  ofElement(type: TypeRef): number {
    const concrete = this.#index.concrete(type);
    return 1 + (concrete.kind === "declared" ? 0 : this.ofZero(type));
  }

  /** Of the zero of a type. */
  ofZero(type: TypeRef): number {
    const concrete = this.#index.concrete(type);
    switch (concrete.kind) {
      case "scalar":
        if (concrete.scalar === "bytes") return ZERO_OF_BYTES;
        return concrete.scalar === "timestamp" ? ZERO_OF_TIMESTAMP : 0;
      case "list":
        return ZERO_OF_LIST;
      case "map":
        return ZERO_OF_MAP;
      case "declared": {
        const { declaration } = concrete;
        if (declaration.kind === "enum" || declaration.kind === "union") return 0;
        return this.#ofDeclared(declaration.fullName, declaration.fields);
      }
    }
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
