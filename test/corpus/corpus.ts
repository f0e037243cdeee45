/** The files of google-proto-files: real schemas, by the names that imports call them. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { glob } from "tinyglobby";

export const corpusFolder = path.dirname(createRequire(import.meta.url).resolve("google-proto-files/package.json"));

/** The import names that patterns match, such as "google/api/http.proto"; in order, so that neighbours mostly need the same files. */
export async function corpusNames(...patterns: readonly string[]): Promise<string[]> {
  return (await glob(patterns.length === 0 ? ["**/*.proto"] : [...patterns], { cwd: corpusFolder, ignore: ["**/node_modules/**"] })).sort();
}

export function readCorpus(name: string): { readonly path: string; readonly text: string } | undefined {
  const file = path.join(corpusFolder, name);
  return existsSync(file) ? { path: name, text: readFileSync(file, "utf8") } : undefined;
}
