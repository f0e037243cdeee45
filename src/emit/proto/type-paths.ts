/** Where the types of a schema stand in protobuf: under the names that they remember, where these can be, else under their own. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration } from "../../ir/schema.js";
import { remembered } from "./remembered.js";

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

export class TypePaths {
  static readonly #known = new WeakMap<SchemaIndex, TypePaths>();
  readonly #paths = new Map<Declaration, string>();

  /** One for a schema, since every file of it asks. */
  static of(index: SchemaIndex): TypePaths {
    const paths = this.#known.get(index) ?? new TypePaths(index);
    this.#known.set(index, paths);
    return paths;
  }

  private constructor({ schema }: SchemaIndex) {
    const taken = new Set<string>();
    for (const { package: scope, declarations } of schema.files) {
      for (const each of declarations) if (remembered(each.annotations, "name") === undefined) this.#take(each, scope, each.name, taken);
    }
    for (const { package: scope, declarations } of schema.files) {
      const messages = new Set(declarations.filter((each) => each.kind === "message" && this.#paths.has(each)).map((each) => this.#paths.get(each)));
      const asked = declarations.filter((each) => !this.#paths.has(each));
      // What is around stands before what is within.
      for (const each of asked.toSorted((a, b) => depthOf(wishOf(a)) - depthOf(wishOf(b)))) {
        const wish = wishOf(each);
        const outer = outerOf(wish);
        const isFree = !taken.has(`${scope}.${wish}`) && (outer === "" || messages.has(outer));
        const wishes = PATH.test(wish) && isFree ? wish : each.name;
        let path = wishes;
        for (let number = 2; taken.has(`${scope}.${path}`); number += 1) path = `${wishes}_${number}`;
        this.#take(each, scope, path, taken);
        if (each.kind === "message") messages.add(path);
      }
    }
  }

  /** In its package: "Outer.Inner" if it was nested once, and what is around it is there. */
  of(declaration: Declaration): string {
    return this.#paths.get(declaration) ?? declaration.name;
  }

  /** Its name without those around it. */
  nameOf(declaration: Declaration): string {
    const path = this.of(declaration);
    return path.slice(path.lastIndexOf(".") + 1);
  }

  /** The path of what is around it; "" where nothing is. */
  outerOf(declaration: Declaration): string {
    return outerOf(this.of(declaration));
  }

  /** Whether it has a name to remember that it could not be given. */
  isForgotten(declaration: Declaration): boolean {
    return (remembered(declaration.annotations, "name") ?? this.of(declaration)) !== this.of(declaration);
  }

  #take(declaration: Declaration, scope: string, path: string, taken: Set<string>): void {
    taken.add(`${scope}.${path}`);
    this.#paths.set(declaration, path);
  }
}

function wishOf(declaration: Declaration): string {
  return remembered(declaration.annotations, "name") ?? declaration.name;
}

function outerOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function depthOf(path: string): number {
  return path.split(".").length;
}
