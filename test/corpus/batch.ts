/** Many files of the corpus at once, from protobuf to TypeScript and back to protobuf: what they share is done one time, and each has a verdict. */
import { resolveImport } from "../../src/checker/import-paths.js";
import { Compiler } from "../../src/compiler.js";
import type { CompiledOutput } from "../../src/emission.js";
import { idlPath } from "../../src/import/idl-file.js";
import { importProtos } from "../../src/import.js";
import { readCorpus } from "./corpus.js";
import { differences } from "./facts.js";
import { missingProtoc, refusals } from "./protoc.js";
import { typeCheck } from "./type-check.js";

export interface Verdict {
  /** The import name. */
  readonly name: string;
  /** What failed first, in the file itself or in one that it needs; absent where nothing did. */
  readonly failure?: string;
  /** How many findings of each code tell what could not be carried over from this file. */
  readonly remarks: Readonly<Record<string, number>>;
}

export interface Generated {
  readonly outputs: readonly CompiledOutput[];
  /** Why a file, by the path of its .idl, came no further. */
  readonly failures: ReadonlyMap<string, string>;
  /** By import name and code. */
  readonly remarks: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** What a file needs, itself included, by the paths of .idl files. */
  readonly needed: (path: string) => ReadonlySet<string>;
}

/** What fails among others is tried alone, for files that say different things under one name fail only together. */
export async function runBatch(names: readonly string[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const verdict of await runTogether(names)) {
    if (verdict.failure === undefined || names.length === 1) verdicts.push(verdict);
    else verdicts.push(...(await runTogether([verdict.name])));
  }
  return verdicts;
}

async function runTogether(names: readonly string[]): Promise<Verdict[]> {
  const { outputs, failures, remarks, needed } = generate(names);
  const wrong = await typeCheck(outputs.filter(({ target }) => target === "ts"));
  const lost = wayBack(outputs.filter(({ target }) => target === "proto"));
  const reasonOf = (path: string): string | undefined => failures.get(path) ?? wrong.get(path) ?? lost.get(path);
  return names.map((name) => {
    const path = idlPath(name);
    const other = [...needed(path)].find((each) => reasonOf(each) !== undefined);
    const failure = reasonOf(path) ?? (other === undefined ? undefined : `needs ${other}, ${reasonOf(other)}`);
    return { name, remarks: remarks.get(name) ?? {}, ...(failure !== undefined && { failure }) };
  });
}

/** Where files fail, the others are compiled without them. */
export function generate(names: readonly string[]): Generated {
  const imported = importProtos(names, readCorpus);
  const sources = Object.fromEntries(imported.outputs.map(({ path, text }) => [path, text]));
  const needed = closures(sources);
  const failures = new Map<string, string>();
  const remarks = new Map<string, Record<string, number>>();
  for (const { severity, code, message, span } of imported.diagnostics) {
    const name = span?.file ?? "";
    if (severity === "error") {
      fail(failures, idlPath(name), `import: ${code} ${message}`);
      continue;
    }
    const counts = remarks.get(name) ?? {};
    counts[code] = (counts[code] ?? 0) + 1;
    remarks.set(name, counts);
  }
  const compiler = new Compiler({ root: ".", targets: ["ts", "proto"] });
  for (;;) {
    const files = names.map(idlPath).filter((path) => path in sources && [...needed(path)].every((each) => !failures.has(each)));
    const { diagnostics, outputs } = compiler.update(sources, files);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length === 0) return { outputs, failures, remarks, needed };
    for (const { code, file, line, message } of errors) fail(failures, file, `${code.startsWith("RPC6") ? "generate" : "check"}: ${code} line ${line}: ${message}`);
  }
}

/** What a file that came back as protobuf says otherwise, or why protoc refuses it; by the path of its .idl. */
function wayBack(outputs: readonly CompiledOutput[]): ReadonlyMap<string, string> {
  const lost = new Map<string, string>();
  const refused = missingProtoc === undefined ? refusals(new Map(outputs.map(({ path, text }) => [path, text]))) : new Map<string, string>();
  for (const { path, source, text } of outputs) {
    const before = readCorpus(path)?.text;
    const [first, ...others] = before === undefined ? [] : differences(path, before, text);
    const refusal = refused.get(path);
    if (refusal !== undefined) lost.set(source, `back: protoc: ${refusal}`);
    else if (first !== undefined) lost.set(source, `back: ${first}${others.length > 0 ? `, and ${others.length} more` : ""}`);
  }
  return lost;
}

/** The first reason stands. */
function fail(failures: Map<string, string>, path: string, reason: string): void {
  if (!failures.has(path)) failures.set(path, reason);
}

function closures(sources: Readonly<Record<string, string>>): (path: string) => ReadonlySet<string> {
  const imports = new Map(Object.entries(sources).map(([path, text]) => [path, [...text.matchAll(/^import "(.+?)"/gm)].map(([, written = ""]) => resolveImport(path, written))]));
  const known = new Map<string, ReadonlySet<string>>();
  return (root) => {
    const before = known.get(root);
    if (before !== undefined) return before;
    const reached = new Set([root]);
    for (const path of reached) for (const each of imports.get(path) ?? []) reached.add(each);
    known.set(root, reached);
    return reached;
  };
}
