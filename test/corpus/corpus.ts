/** Real schemas through the whole of it: every file of google-proto-files imported, checked, generated and type-checked. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { glob } from "tinyglobby";
import { compile } from "../../src/compile.js";
import { importProtos } from "../../src/import/import-protos.js";
import type { Target } from "../../src/compiler.js";

export const corpusFolder = path.dirname(createRequire(import.meta.url).resolve("google-proto-files/package.json"));

export interface CorpusFile {
  /** The import name, such as "google/api/http.proto". */
  readonly name: string;
  /** What failed, with the first reason; absent where nothing did. */
  readonly failure?: string;
  /** What `import` said beside errors. */
  readonly remarks: number;
  /** The .idl files. */
  readonly idl: ReadonlyMap<string, string>;
  /** What was generated, by path: the file's own and those of all that it needs. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** The import names of all files, in order. */
export async function corpusNames(pattern = "google/**/*.proto"): Promise<string[]> {
  return (await glob(pattern, { cwd: corpusFolder })).sort();
}

export function readCorpus(name: string): { readonly path: string; readonly text: string } | undefined {
  const file = path.join(corpusFolder, name);
  return existsSync(file) ? { path: name, text: readFileSync(file, "utf8") } : undefined;
}

export function runFile(name: string, targets: readonly Target[] = ["ts"]): CorpusFile {
  const imported = importProtos([name], readCorpus);
  const idl = new Map(imported.outputs.map((output) => [output.path, output.text]));
  const remarks = imported.diagnostics.length;
  const wrong = imported.diagnostics.find(({ severity }) => severity === "error");
  if (wrong !== undefined) return { name, remarks, idl, outputs: new Map(), failure: `import: ${wrong.code} ${wrong.span?.file}: ${wrong.message}` };
  const { diagnostics, outputs } = compile({ sources: Object.fromEntries(idl), root: ".", targets: [...targets] });
  const bad = diagnostics.find(({ severity }) => severity === "error");
  const generated = new Map(outputs.map((output) => [output.path, output.text]));
  return { name, remarks, idl, outputs: generated, ...(bad !== undefined && { failure: `check: ${bad.code} ${bad.file}:${bad.line}: ${bad.message}` }) };
}
