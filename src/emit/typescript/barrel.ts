/** Prints the module that re-exports the others of its source file: the one that people import. */
import type { SchemaFile } from "../../ir/schema.js";
import type { OutputFile } from "../emitter.js";
import { quote } from "./code-writer/literal.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { relativeSpecifier } from "./imports.js";

export function printBarrel(file: GeneratedFile, source: SchemaFile, modules: readonly OutputFile[]): void {
  const doc = docComment(source);
  if (doc.length > 0) file.section(...doc);
  const exports = modules.map(
    ({ path }) => `export * from ${quote(relativeSpecifier(file.modulePath, path.replace(/\.ts$/, "")))};`,
  );
  // Without an export, the file would be a script and not a module.
  file.section(...(exports.length > 0 ? exports : ["export {};"]));
}
