/** Checks what stands at the head of each file: its package and its imports. */
import type { Collector } from "../diagnostics/collector.js";
import type { LoadedFile } from "./program.js";
import type { Names } from "./resolve-names.js";

export function checkPackage({ node }: LoadedFile, found: Collector): void {
  const [first, ...others] = node.packages;
  if (first === undefined) {
    found.report("RPC2001", { file: node.path, start: node.span.start, end: node.span.start }, {});
    return;
  }
  const related = [{ message: "the first package is here", span: first.span }];
  for (const other of others)
    found.report("RPC2002", other.span, { name: other.name.text, first: first.name.text }, { related });
  const starts = [...node.imports, ...node.declarations].map((each) => each.span.start);
  if (starts.some((start) => start < first.span.start)) found.report("RPC2003", first.span, { name: first.name.text });
}

export function checkImports(file: LoadedFile, found: Collector): void {
  const paths = new Map<string, (typeof file.imports)[number]>();
  const aliases = new Map<string, (typeof file.imports)[number]>();
  const declarations = new Map(file.node.declarations.map((node) => [node.name.text, node]));
  for (const imported of file.imports) {
    const { node, path } = imported;
    const earlier = paths.get(path);
    if (earlier !== undefined) {
      const related = [{ message: "first imported here", span: earlier.node.span }];
      found.report("RPC2008", node.path.span, { path: node.path.value }, { related });
    }
    paths.set(path, earlier ?? imported);
    if (node.alias === undefined) continue;
    const alias = node.alias.text;
    const other = aliases.get(alias);
    const declaration = declarations.get(alias);
    if (other !== undefined && other.path !== path) {
      const related = [{ message: "the other import is here", span: other.node.alias?.span ?? other.node.span }];
      found.report("RPC2009", node.alias.span, { alias, other: "another import" }, { related });
    } else if (declaration !== undefined) {
      const related = [{ message: "declared here", span: declaration.name.span }];
      found.report("RPC2009", node.alias.span, { alias, other: "a declaration of this file" }, { related });
    }
    aliases.set(alias, other ?? imported);
  }
}

/** To be called when every name has been resolved. A file without declarations imports for its own reasons. */
export function checkUnusedImports(file: LoadedFile, names: Names, found: Collector): void {
  if (file.node.declarations.length === 0 || !file.isWhole) return;
  const seen = new Set<string>();
  for (const imported of file.imports) {
    const isSecond = seen.has(imported.path);
    seen.add(imported.path);
    if (imported.file === undefined || isSecond || names.isUsed(imported)) continue;
    found.report("RPC2010", imported.node.span, { path: imported.node.path.value });
  }
}
