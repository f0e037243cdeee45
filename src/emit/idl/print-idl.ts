/** A file of a checked schema as text of the language, from which the compiler makes the same schema again. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { SchemaFile } from "../../ir/schema.js";
import { docLines } from "./annotations.js";
import { printDeclaration } from "./declarations.js";
import { Scope } from "./scope.js";

export interface PrintedIdl {
  readonly text: string;
  /** The files that it imports: those that it refers to. */
  readonly imports: readonly SchemaFile[];
}

/** Documentation stays; other comments, the layout and the names of constants in the places of their values do not. */
export function printIdl(index: SchemaIndex, file: SchemaFile): PrintedIdl {
  const scope = new Scope(index, file);
  const declarations = file.declarations.flatMap((declaration) => ["", ...printDeclaration(declaration, scope)]);
  const imports = scope.importLines();
  const lines = [...docLines(file), `package ${file.package};`, ...(imports.length === 0 ? [] : ["", ...imports]), ...declarations];
  return { text: `${lines.join("\n")}\n`, imports: scope.imports };
}
