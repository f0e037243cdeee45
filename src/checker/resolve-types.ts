/** Turns the types of the source into types of the schema, once each, and sees through aliases. */
import type { Collector } from "../diagnostics/collector.js";
import type { TypeRef } from "../ir/schema.js";
import type { TypeNode } from "../parser/ast.js";
import { scalarType } from "./built-in-types.js";
import type { LoadedFile } from "./program.js";
import type { Names } from "./resolve-names.js";
import type { Declared, Symbols } from "./symbols.js";

/** A type with its aliases taken off. */
export type Concrete = Exclude<TypeRef, { kind: "named" }> | { readonly kind: "declared"; readonly declared: Declared };

export interface AliasFacts {
  readonly type: TypeRef | undefined;
  /** How deep the type is nested. */
  readonly depth: number;
}

/** Types nested deeper than this, aliases counted in, are refused; values have a depth limit of their own. */
const depthLimit = 32;

export class Types {
  readonly #symbols: Symbols;
  readonly #names: Names;
  readonly #found: Collector;
  readonly #resolved = new Map<TypeNode, TypeRef | undefined>();
  /** The type behind each alias; undefined while it is being resolved, and for one that cannot be. */
  readonly #aliases = new Map<Declared, TypeRef | undefined>();
  /** How deep the type behind each alias is nested. */
  readonly #depths = new Map<Declared, number>();

  constructor(symbols: Symbols, names: Names, found: Collector) {
    this.#symbols = symbols;
    this.#names = names;
    this.#found = found;
  }

  /** Undefined where any part of the type is unknown, which is reported the first time. */
  resolve(node: TypeNode, file: LoadedFile): TypeRef | undefined {
    if (this.#resolved.has(node)) return this.#resolved.get(node);
    if (depthOf(node) > depthLimit) return this.#refuse(node);
    const type = this.#part(node, file);
    return type !== undefined && this.#depth(type) > depthLimit ? this.#refuse(node) : type;
  }

  /** Notes how deep an alias is, once the aliases within it are measured; one that is too deep is reported and stands for nothing. */
  measureAlias(alias: Declared, node: TypeNode): void {
    const type = this.#aliases.get(alias);
    const depth = type === undefined ? 0 : this.#depth(type);
    if (depth > depthLimit) this.#aliases.set(alias, this.#refuse(node));
    this.#depths.set(alias, depth > depthLimit ? 0 : depth);
  }

  /** What is known of an alias, to be remembered when its file is not checked anew. */
  aliasFacts(alias: Declared): AliasFacts {
    return { type: this.#aliases.get(alias), depth: this.#depths.get(alias) ?? 0 };
  }

  restoreAlias(alias: Declared, { type, depth }: AliasFacts): void {
    this.#aliases.set(alias, type);
    this.#depths.set(alias, depth);
  }

  #refuse(node: TypeNode): undefined {
    this.#found.report("RPC2047", node.span, { limit: depthLimit });
    this.#resolved.set(node, undefined);
    return undefined;
  }

  #depth(type: TypeRef): number {
    switch (type.kind) {
      case "scalar":
        return 1;
      case "list":
        return 1 + this.#depth(type.element);
      case "map":
        return 1 + Math.max(this.#depth(type.key), this.#depth(type.value));
      case "named": {
        const declared = this.#symbols.byFullName(type.name);
        return 1 + (declared === undefined ? 0 : (this.#depths.get(declared) ?? 0));
      }
    }
  }

  /** What `resolve` made of a node, or of a part of one. */
  resolved(node: TypeNode): TypeRef | undefined {
    return this.#resolved.get(node);
  }

  /** Says what each alias stands for; one that stands for itself is given as undefined. */
  setAlias(alias: Declared, type: TypeRef | undefined): void {
    this.#aliases.set(alias, type);
  }

  /** Follows aliases to the type that they stand for; undefined behind an alias that could not be resolved. */
  concrete(type: TypeRef | undefined): Concrete | undefined {
    let at = type;
    while (at !== undefined && at.kind === "named") {
      const declared = this.#symbols.byFullName(at.name);
      if (declared === undefined) return undefined;
      if (declared.node.kind !== "alias") return { kind: "declared", declared };
      at = this.#aliases.get(declared);
    }
    return at;
  }

  /** A type as its author would write it, names in full. */
  show(type: TypeRef): string {
    switch (type.kind) {
      case "scalar":
        return type.scalar;
      case "named":
        return type.name;
      case "list":
        return `${this.show(type.element)}[]`;
      case "map":
        return `map<${this.show(type.key)}, ${this.show(type.value)}>`;
    }
  }

  #part(node: TypeNode, file: LoadedFile): TypeRef | undefined {
    const type = this.#make(node, file);
    this.#resolved.set(node, type);
    return type;
  }

  #make(node: TypeNode, file: LoadedFile): TypeRef | undefined {
    switch (node.kind) {
      case "name": {
        const scalar = node.name.parts.length === 1 ? scalarType(node.name.text) : undefined;
        if (scalar !== undefined) return scalar;
        const declared = this.#names.resolve(node.name, file, "type");
        return declared && { kind: "named", name: declared.fullName };
      }
      case "list": {
        const element = this.#part(node.element, file);
        return element && { kind: "list", element };
      }
      case "map": {
        const key = this.#part(node.key, file);
        const value = this.#part(node.value, file);
        return key && value && { kind: "map", key, value };
      }
    }
  }
}

/** How deep a type is nested, counted no further than needed and without recursion: sources may be hostile. */
function depthOf(node: TypeNode): number {
  let deepest = 0;
  const pending: { readonly node: TypeNode; readonly depth: number }[] = [{ node, depth: 1 }];
  for (let next = pending.pop(); next !== undefined && deepest <= depthLimit; next = pending.pop()) {
    const { depth } = next;
    deepest = Math.max(deepest, depth);
    if (next.node.kind === "list") pending.push({ node: next.node.element, depth: depth + 1 });
    if (next.node.kind === "map")
      pending.push({ node: next.node.key, depth: depth + 1 }, { node: next.node.value, depth: depth + 1 });
  }
  return deepest;
}
