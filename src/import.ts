/** .idl files from .proto files that `generate` takes: what TypeScript cannot call as the file does gets `@tsName`. */
import { Compiler } from "./compiler.js";
import { applyFixes, type Fix } from "./diagnostics/apply-fixes.js";
import { findNameClashes } from "./emit/typescript/name-clashes.js";
import { format } from "./format.js";
import { importProtos as carryOver, type ImportedProtos } from "./import/import-protos.js";
import type { ReadProtoSource } from "./import/load-protos.js";
import { SchemaIndex } from "./ir/schema-index.js";
import type { DeclarationNode } from "./parser/ast.js";
import { parse } from "./parser/parse.js";
import { SourceFile } from "./text/source-file.js";
import type { Span } from "./text/span.js";

/** `roots` are import names, such as "google/api/http.proto". Pure. */
export function importProtos(roots: readonly string[], read: ReadProtoSource): ImportedProtos {
  const imported = carryOver(roots, read);
  const texts = withTypescriptNames(new Map(imported.outputs.map(({ path, text }) => [path, text])));
  return { ...imported, outputs: imported.outputs.map(({ path }) => ({ path, text: texts.get(path) ?? "" })) };
}

/** What cannot be compiled is handed on as it is: a finding of the import says why, or `check` will. */
function withTypescriptNames(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const { schema } = new Compiler({ targets: [] }).update(Object.fromEntries(given));
  if (schema === undefined) return given;
  const index = new SchemaIndex(schema);
  const fixes = schema.files.flatMap((file): Fix[] => {
    const clashes = findNameClashes(index, file);
    if (clashes.length === 0) return [];
    const places = beginnings(file.path, given.get(file.path) ?? "");
    // One thing may clash twice, and is cured once.
    const names = new Map(clashes.map(({ cure }) => [places.get(cure.span.start) ?? cure.span, cure.tsName]));
    return Array.from(names, ([span, tsName]) => [{ span, text: `@tsName(${JSON.stringify(tsName)}) ` }]);
  });
  const { texts } = applyFixes(fixes, (file) => given.get(file) ?? "");
  return new Map([...given, ...Array.from(texts, ([path, text]) => [path, format(text, { path }).text ?? text] as const)]);
}

/** Where the annotations of each thing begin, by where its name does. */
function beginnings(path: string, text: string): ReadonlyMap<number, Span> {
  const { file } = parse(new SourceFile(path, text));
  return new Map(file.declarations.flatMap(namedIn).map(({ name, span }) => [name.span.start, { ...span, end: span.start }]));
}

function namedIn(node: DeclarationNode): readonly Pick<DeclarationNode, "name" | "span">[] {
  switch (node.kind) {
    case "message":
    case "error":
      return [node, ...node.fields];
    case "enum":
    case "union":
      return [node, ...node.members];
    case "service":
      return [node, ...node.methods.flatMap((method) => [method, ...(method.parameters.kind === "fields" ? method.parameters.fields : [])])];
    default:
      return [node];
  }
}
