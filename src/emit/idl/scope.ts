/** What the things of a schema are called within one of its files, and the imports that follow from it. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { SchemaFile, TypeRef } from "../../ir/schema.js";
import { relativeSpecifier } from "../typescript/imports.js";

export class Scope {
  readonly index: SchemaIndex;
  readonly #file: SchemaFile;
  readonly #referred = new Set<SchemaFile>();

  constructor(index: SchemaIndex, file: SchemaFile) {
    this.index = index;
    this.#file = file;
  }

  /** The short name of what the file declares itself; else the full name, which no other can be taken for. */
  name(fullName: string): string {
    const home = this.index.fileOf(fullName);
    if (home === this.#file) return this.index.declaration(fullName).name;
    this.#referred.add(home);
    return fullName;
  }

  type(type: TypeRef): string {
    switch (type.kind) {
      case "scalar":
        return type.scalar;
      case "list":
        return `${this.type(type.element)}[]`;
      case "map":
        return `map<${this.type(type.key)}, ${this.type(type.value)}>`;
      case "named":
        return this.name(type.name);
    }
  }

  /** The files that were referred to, in the order of their paths. */
  get imports(): readonly SchemaFile[] {
    return [...this.#referred].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  importLines(): string[] {
    return this.imports.map(({ path }) => `import ${JSON.stringify(relativeSpecifier(this.#file.path, path, ""))};`);
  }
}
