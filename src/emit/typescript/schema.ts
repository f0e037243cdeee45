/** Prints the module that holds the schema itself, as text, for a server to tell it to those who ask. Nothing else imports it. */
import type { SchemaFile } from "../../ir/schema.js";
import { printIdl } from "../idl/print-idl.js";
import { hardline, indent, join } from "./code-writer/document.js";
import { quote, templateLines } from "./code-writer/literal.js";
import { annotated, arrayLiteral } from "./code-writer/shapes.js";
import type { GeneratedFile } from "./generated-file.js";
import { schemaName, type Names } from "./names.js";
import { runtimeType } from "./runtime-symbols.js";

export function printSchema(file: GeneratedFile, names: Names, source: SchemaFile): void {
  const { text, imports } = printIdl(names.index, source);
  const name = schemaName(source);
  file.reserve(name);
  file.section('/** The schema as text, for `reflectionService` of "@rpcgen/runtime/reflection" to tell. */', [
    annotated(`export const ${name}`, runtimeType("SchemaText")),
    " = {",
    indent(hardline, `path: ${quote(source.path)},`, hardline, "text: `"),
    // At the beginning of their lines: every space is a part of the text.
    join(hardline, templateLines(text)),
    "`,",
    indent(hardline, "imports: ", arrayLiteral(...imports.map((each) => names.schema(each))), ","),
    hardline,
    "};",
  ]);
}
