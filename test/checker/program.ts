/** Programs made of texts in memory, for tests of the checker. */
import { check, type CheckResult } from "../../src/checker/check.js";
import { loadProgram, type LoadResult } from "../../src/checker/load-program.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import type { Schema } from "../../src/ir/schema.js";
import { parse } from "../../src/parser/parse.js";

/** By path; the first is the root. A path that ends in "/" is a directory. */
export type Sources = Readonly<Record<string, string>>;

export interface Checked {
  readonly schema?: Schema;
  readonly diagnostics: readonly Diagnostic[];
  readonly loaded: LoadResult;
}

export function checkSources(sources: Sources, roots: readonly string[] = Object.keys(sources).slice(0, 1)): Checked {
  const read = (path: string) =>
    sources[path] ?? (`${path}/` in sources || path === "." ? { reason: "it is a directory" } : undefined);
  const loaded = loadProgram(roots, read, parse);
  const checked: CheckResult = check(loaded.program);
  return { ...checked, diagnostics: [...loaded.diagnostics, ...checked.diagnostics], loaded };
}

/** Checks the body of one file of the package `p`. */
export function checkBody(body: string): Checked {
  return checkSources({ "main.idl": `package p;\n${body}` });
}

/** @throws Error with the findings, if there are errors. */
export function schemaOf(sources: string | Sources): Schema {
  const checked = checkSources(typeof sources === "string" ? { "main.idl": sources } : sources);
  if (checked.schema === undefined)
    throw new Error(checked.diagnostics.map((found) => `${found.code} ${found.message}`).join("\n"));
  return checked.schema;
}

export function codesOf(checked: Checked): string[] {
  return checked.diagnostics.map((found) => found.code);
}

/** Splits a sample at its lines `// name.idl:`; one without such lines is `main.idl`. */
export function splitSample(sample: string): Sources {
  const parts = sample.split(/^\/\/ (\S+\.idl):\n/m);
  if (parts.length === 1) return { "main.idl": sample };
  const sources: Record<string, string> = {};
  for (let index = 1; index < parts.length; index += 2) sources[parts[index] ?? ""] = parts[index + 1] ?? "";
  return sources;
}
