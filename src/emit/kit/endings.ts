/** By which ways values of recursive types end soonest, so that what is drawn comes to an end. */
import { fieldsIn } from "../../ir/names-in.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Field, TypeRef } from "../../ir/schema.js";
import { valueHeights, type Needs } from "../../ir/value-heights.js";

export class Endings {
  readonly #index: SchemaIndex;
  /** How soon values of declared types can end that keep the lengths which lists and maps ask for. */
  readonly #bound: ReadonlyMap<string, number>;
  /** As if every list may be empty: for types that have no value which keeps its lengths. */
  readonly #free: ReadonlyMap<string, number>;

  constructor(index: SchemaIndex, declarations: readonly Declaration[]) {
    this.#index = index;
    this.#bound = this.#heightsOf(declarations, true);
    this.#free = this.#heightsOf(declarations, false);
  }

  /** Whether the type has a value that keeps the lengths of all lists and maps within it. */
  has(type: TypeRef): boolean {
    const name = this.#declaredAs(type);
    return name === undefined || this.#bound.has(name);
  }

  /** The members of a union whose values can end first: to follow them leads to types that end sooner, and so to an end. */
  soonest(members: readonly Field[]): readonly Field[] {
    const heightsBy = (heights: ReadonlyMap<string, number>, isBound: boolean): number[] =>
      members.map((member) => {
        const name = this.#alwaysHeld(member, isBound);
        return name === undefined ? 0 : (heights.get(name) ?? Infinity);
      });
    const bound = heightsBy(this.#bound, true);
    const heights = bound.some(Number.isFinite) ? bound : heightsBy(this.#free, false);
    const least = Math.min(...heights);
    return members.filter((_, at) => heights[at] === least);
  }

  #heightsOf(declarations: readonly Declaration[], isBound: boolean): ReadonlyMap<string, number> {
    const needs = (name: string): Needs<string> => {
      const declaration = this.#index.declaration(name);
      const held = fieldsIn(declaration).map((field) => (field.optional ? undefined : this.#alwaysHeld(field, isBound)));
      const lasting = held.filter((each) => each !== undefined);
      if (declaration.kind !== "union") return { each: true, targets: lasting };
      return { each: false, targets: lasting.length < held.length ? [] : lasting };
    };
    return valueHeights(declarations.map(({ fullName }) => fullName), needs);
  }

  /** The type that a value of a field always holds: its own, or that of elements that there must be. */
  #alwaysHeld({ type, constraints }: Field, isBound: boolean): string | undefined {
    const concrete = this.#index.concrete(type);
    const mayBeEmpty = !isBound || (constraints?.minLength ?? 0) === 0;
    if (concrete.kind === "list") return mayBeEmpty ? undefined : this.#declaredAs(concrete.element);
    if (concrete.kind === "map") return mayBeEmpty ? undefined : this.#declaredAs(concrete.value);
    return this.#declaredAs(type);
  }

  #declaredAs(type: TypeRef): string | undefined {
    const concrete = this.#index.concrete(type);
    return concrete.kind === "declared" ? concrete.declaration.fullName : undefined;
  }
}
