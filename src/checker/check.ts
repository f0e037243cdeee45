/** Checks a whole program and, where it has no errors, lowers it to the schema. */
import { Collector } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Schema } from "../ir/schema.js";
import { stronglyConnected } from "../ir/strongly-connected.js";
import { checkWireNames, type WireName } from "./check-wire-names.js";
import { deepFreeze } from "./deep-freeze.js";
import { FileChecks } from "./file-checks.js";
import type { LoadedFile, Program } from "./program.js";
import type { CheckedFile } from "./remembered.js";
import { Symbols } from "./symbols.js";

export interface CheckResult {
  /** Deeply frozen. Absent where the checks found errors, or where a file was not understood whole or an import failed. */
  readonly schema?: Schema;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(program: Program): CheckResult {
  return new Checker().check(program);
}

/**
 * Checks the versions of a program one after another. A file is checked anew if its syntax tree is another one, or if what
 * it sees of its imports is; others keep their findings and their part of the schema. What a check says never depends on
 * those before it.
 */
export class Checker {
  /** The files of the last program that had no errors and imported none that had, by path. */
  #known: ReadonlyMap<string, CheckedFile> = new Map();
  #checks = 0;
  #versions = 0;

  /** How many files the last call checked anew. */
  get fileCount(): number {
    return this.#checks;
  }

  check(program: Program): CheckResult {
    const named = new Collector();
    const symbols = new Symbols(program, named);
    const checks = new FileChecks(symbols);
    const known = new Map<string, CheckedFile>();
    const diagnostics: Diagnostic[] = [];
    const wireNames: WireName[] = [];
    const misnamed = new Set(named.sorted().map(({ span }) => span?.file));
    this.#checks = 0;

    // Files that import each other, which is reported, are checked together; all others one by one, after their imports.
    for (const files of stronglyConnected(program.files, importedBy)) {
      const [file] = files;
      if (file === undefined) continue;
      // Where two declarations have one name, what a name means is a matter of order among all files.
      const sees = files.length === 1 && file.isWhole && symbols.areDistinct ? seenBy(file, known) : undefined;
      const before = sees === undefined ? undefined : this.#known.get(file.path);
      if (before !== undefined && before.node === file.node && before.sees === sees) {
        checks.restore(file, before);
        known.set(file.path, before);
        append(diagnostics, before.diagnostics);
        append(wireNames, before.wireNames);
        continue;
      }
      this.#checks += files.length;
      const found = checks.check(inOrder(files, program));
      append(diagnostics, found.diagnostics);
      append(wireNames, found.wireNames);
      const isSound = sees !== undefined && !misnamed.has(file.path) && !found.diagnostics.some(isError);
      if (isSound) known.set(file.path, checks.remember(file, sees, found, this.#known.get(file.path), ++this.#versions));
    }
    checkWireNames(wireNames, named);
    this.#known = known;

    named.add(diagnostics);
    const schemas = program.files.map((file) => known.get(file.path)?.schema);
    const found = named.sorted();
    if (named.hasErrors || !schemas.every((schema) => schema !== undefined)) return { diagnostics: found };
    return { schema: deepFreeze({ version: 1, files: schemas }), diagnostics: found };
  }
}

function* importedBy(file: LoadedFile): Generator<LoadedFile> {
  for (const imported of file.imports) if (imported.file !== undefined) yield imported.file;
}

/** What a file sees of others, as text: which versions of which interfaces. Undefined where it imports what is not sound. */
function seenBy(file: LoadedFile, known: ReadonlyMap<string, CheckedFile>): string | undefined {
  const seen: string[] = [];
  for (const imported of file.imports) {
    const target = imported.file && known.get(imported.file.path);
    if (target === undefined) return undefined;
    seen.push(`${target.version} ${imported.path}`);
  }
  return seen.join("\n");
}

function inOrder(files: readonly LoadedFile[], program: Program): readonly LoadedFile[] {
  if (files.length === 1) return files;
  const members = new Set(files);
  return program.files.filter((file) => members.has(file));
}

function append<T>(to: T[], more: readonly T[]): void {
  for (const item of more) to.push(item);
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
