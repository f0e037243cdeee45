/** `rpcgen import`: .idl files from .proto files. */
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate } from "../../diagnostics/finding.js";
import { idlPath } from "../../import/idl-file.js";
import { ExitCode } from "../exit-codes.js";
import { IncludePaths } from "../include-paths.js";
import { out, stdinFilename } from "../options.js";
import { compareOutputs, type PlannedOutput } from "../plan-outputs.js";
import { SourceReader } from "../read-sources.js";
import type { Verb } from "../verb.js";
import { writeOutputs } from "../write-outputs.js";

export const importProto: Verb = {
  name: "import",
  summary: "make .idl files from .proto files, and tell what could not be carried over",
  operands: [["<files...>", "paths or quoted patterns of .proto files, or - for the standard input; what they import and use is written too", () => ({ files: ".proto" })]],
  options: () => [
    out("where to write; files stand in it as they do below their include path", "idl"),
    new Option("-I, --include <folder>", "a folder that imports are relative to; may be given several times (default: the working folder)").argParser(
      (value: string, before: readonly string[] = []) => [...before, value],
    ),
    new Option("--force", "write over files that are there with another text"),
    new Option("--dry-run", "write nothing; list the files that would be written"),
    stdinFilename("stdin.proto"),
  ],
  examples: [
    ["import protos/shop/orders.proto -I protos", "write idl/shop/orders.idl and the files that it needs"],
    ['import "protos/**/*.proto" -I protos -I third_party --out idl', "a folder of them, with another to find imports in"],
  ],
  async run({ operands, options, host, reporter }) {
    const reader = new SourceReader(host, options.stdinFilename);
    const read = await reader.readAll(operands);
    const { importProtos } = await import("../../import.js");
    const includes = new IncludePaths(options.include ?? ["."], host, reader);
    const { roots, clashes } = rootsOf([...read.sources.keys()], includes);
    const { outputs, diagnostics, sources } = importProtos([...roots.keys()], (name, from) => {
      const path = roots.get(name);
      const text = path === undefined ? undefined : read.sources.get(path);
      return path === undefined || text === undefined ? includes.read(name, from) : { path, text };
    });
    const source = (file: string) => sources.get(file) ?? reader.source(file);
    const planned = compareOutputs(outputs, options.out, host);
    const found = [...read.diagnostics, ...clashes, ...diagnostics, ...(options.force ? [] : refusedOf(planned))];
    const hasErrors = found.some(({ severity }) => severity === "error");
    const changed = planned.filter(({ state }) => state !== "unchanged");
    const failed = hasErrors || options.dryRun ? [] : writeOutputs({ outputs: planned }, options.out, host);
    const count = `${changed.length} ${changed.length === 1 ? "file" : "files"}`;
    const nothing = hasErrors || failed.length > 0;
    reporter.report({
      findings: [...found, ...failed].map((each) => locate(each, source)),
      source,
      json: { outputs: nothing ? [] : planned.map(({ path: file, state }) => ({ path: file, state: state === "unchanged" || options.dryRun ? state : "written" })) },
      text: nothing ? "" : changed.map(({ path: file }) => `${file}\n`).join(""),
      summary: nothing ? "nothing was written" : options.dryRun ? `${count} would be written` : `${count} written`,
    });
    if (read.failed || failed.length > 0) return ExitCode.USAGE;
    return hasErrors ? ExitCode.FINDINGS : ExitCode.OK;
  },
};

/** The files by what imports call them. Of two that are called alike, letter case aside, one would be written over the other. */
function rootsOf(files: readonly string[], includes: IncludePaths): { readonly roots: ReadonlyMap<string, string>; readonly clashes: readonly Diagnostic[] } {
  const roots = new Map<string, string>();
  const clashes: Diagnostic[] = [];
  const writers = new Map<string, string>();
  for (const file of files) {
    const name = includes.nameOf(file);
    const output = idlPath(name);
    const first = writers.get(output.toLowerCase());
    writers.set(output.toLowerCase(), file);
    if (first === undefined) roots.set(name, file);
    else clashes.push(diagnostic("RPC7006", { file, start: 0, end: 0 }, { output, first, second: file }));
  }
  return { roots, clashes };
}

function refusedOf(planned: readonly PlannedOutput[]): Diagnostic[] {
  return planned.filter(({ state }) => state === "stale").map(({ path }) => diagnostic("RPC7019", { file: path, start: 0, end: 0 }, { path }));
}
