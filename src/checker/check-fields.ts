/** Checks fields, parameters and members of unions one by one: their types, and what stands on them. */
import type { Collector } from "../diagnostics/collector.js";
import { integerRange } from "../ir/integer-range.js";
import type { TypeRef } from "../ir/schema.js";
import type { FieldNode, TypeNode } from "../parser/ast.js";
import type { Position } from "./built-in-annotations.js";
import { ConstraintChecker, type FieldFacts } from "./check-constraints.js";
import type { Numbered } from "./check-numbers.js";
import { checkGivenNames } from "./given-names.js";
import type { LoadedFile } from "./program.js";
import type { Annotations } from "./read-annotations.js";
import type { Types } from "./resolve-types.js";
import type { Values } from "./values.js";

const noFacts: FieldFacts = {};

export class FieldChecker {
  readonly #types: Types;
  readonly #annotations: Annotations;
  readonly #constraints: ConstraintChecker;
  readonly #found: Collector;
  readonly #facts = new Map<FieldNode, FieldFacts>();

  constructor(types: Types, values: Values, annotations: Annotations, found: Collector) {
    this.#types = types;
    this.#annotations = annotations;
    this.#constraints = new ConstraintChecker(types, values, found);
    this.#found = found;
  }

  /** What `check` found a field's annotations to come to. */
  factsOf(field: FieldNode): FieldFacts {
    return this.#facts.get(field) ?? noFacts;
  }

  /** The field as its scope sees it. */
  check(field: FieldNode, position: Position, file: LoadedFile): Numbered {
    const type = this.checkType(field.type, file);
    const applied = this.#annotations.read(field, position, file);
    if (type !== undefined) this.#facts.set(field, this.#constraints.check(field, type, applied, file));
    const { wireName } = checkGivenNames(applied, position, this.#found);
    return { name: field.name, ...(field.number && { number: field.number }), ...(wireName && { wireName }) };
  }

  /** Resolves a type and checks the keys of the maps in it. */
  checkType(node: TypeNode, file: LoadedFile): TypeRef | undefined {
    const type = this.#types.resolve(node, file);
    this.#checkKeys(node);
    return type;
  }

  #checkKeys(node: TypeNode): void {
    for (let at = node; at.kind !== "name"; at = at.kind === "list" ? at.element : at.value) {
      if (at.kind !== "map") continue;
      const key = this.#types.resolved(at.key);
      if (key !== undefined && !this.#canBeKey(key))
        this.#found.report("RPC2040", at.key.span, { type: this.#types.show(key) });
    }
  }

  #canBeKey(type: TypeRef): boolean {
    const concrete = this.#types.concrete(type);
    if (concrete === undefined) return true;
    if (concrete.kind === "declared") return concrete.declared.node.kind === "enum";
    if (concrete.kind !== "scalar") return false;
    return integerRange(concrete.scalar) !== undefined || concrete.scalar === "string" || concrete.scalar === "bool";
  }
}
