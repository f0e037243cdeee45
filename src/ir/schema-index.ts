/** Finds declarations of a schema by full name, and sees through aliases. */
import type { Declaration, Schema, SchemaFile, TypeRef } from "./schema.js";

/** A type with its aliases taken off. */
export type ConcreteType =
  | Exclude<TypeRef, { kind: "named" }>
  | { readonly kind: "declared"; readonly declaration: Extract<Declaration, { kind: "enum" | "struct" | "message" | "union" }> };

export class SchemaIndex {
  readonly schema: Schema;
  readonly #declarations = new Map<string, Declaration>();
  readonly #files = new Map<string, SchemaFile>();

  constructor(schema: Schema) {
    this.schema = schema;
    for (const file of schema.files) {
      for (const declaration of file.declarations) {
        this.#declarations.set(declaration.fullName, declaration);
        this.#files.set(declaration.fullName, file);
      }
    }
  }

  /** @throws Error if the schema has no such name: a checked schema refers only to what it has. */
  declaration(fullName: string): Declaration {
    const found = this.#declarations.get(fullName);
    if (found === undefined) throw new Error(`the schema has no "${fullName}"`);
    return found;
  }

  /** The file that declares a full name. */
  fileOf(fullName: string): SchemaFile {
    const found = this.#files.get(fullName);
    if (found === undefined) throw new Error(`the schema has no "${fullName}"`);
    return found;
  }

  /** Follows aliases until a type of its own is reached. */
  concrete(type: TypeRef): ConcreteType {
    let at = type;
    for (;;) {
      if (at.kind !== "named") return at;
      const declaration = this.declaration(at.name);
      switch (declaration.kind) {
        case "alias":
          at = declaration.type;
          break;
        case "enum":
        case "struct":
        case "message":
        case "union":
          return { kind: "declared", declaration };
        default:
          throw new Error(`"${at.name}" is a ${declaration.kind}, not a type`);
      }
    }
  }
}
