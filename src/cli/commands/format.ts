/** `rpcgen format`: brings files into the one layout. */
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate } from "../../diagnostics/finding.js";
import type { SourceFile } from "../../text/source-file.js";
import { ExitCode } from "../exit-codes.js";
import { config, files, stdinFilename } from "../options.js";
import { SourceReader } from "../read-sources.js";
import type { Verb } from "../verb.js";
import { compareOutputs } from "../plan-outputs.js";
import { writeOutputs } from "../write-outputs.js";

export const format: Verb = {
  name: "format",
  summary: "bring the files into the one layout",
  operands: [files("paths, quoted patterns, or - for the standard input, whose layout goes to the standard output")],
  options: () => [new Option("--check", "write nothing; exit with 1 if a file has another layout"), ...config(), stdinFilename()],
  settings: { sources: "operands" },
  examples: [
    ['format "idl/**/*.idl"', "lay out every file of a folder"],
    ['format "idl/**/*.idl" --check', "fail where a file is laid out otherwise, in CI"],
    ["format - < draft.idl", "for an editor: what comes in is laid out and comes out"],
  ],
  async run({ operands, options, host, reporter }) {
    const reader = new SourceReader(host, options.stdinFilename);
    const read = await reader.readAll(operands);
    const { format: layOut } = await import("../../format/format.js");
    const found: Diagnostic[] = [...read.diagnostics];
    const changed: { readonly path: string; readonly text: string }[] = [];
    let formatted = 0;
    const printed: { readonly path: string; readonly text: string }[] = [];
    for (const path of read.sources.keys()) {
      const source = reader.source(path) as SourceFile;
      const { text, diagnostics } = layOut(source);
      found.push(...(text === undefined ? diagnostics : []));
      const isStdin = reader.isStdin(path);
      if (isStdin && !options.check) printed.push({ path, text: text ?? source.text });
      if (text === source.text) formatted += 1;
      if (text === undefined || text === source.text) continue;
      if (options.check) found.push(notFormatted(source, text));
      else if (!isStdin) changed.push({ path, text });
    }
    const refused = writeOutputs({ outputs: compareOutputs(changed, "", host) }, "", host);
    const findings = [...found, ...refused].map((each) => locate(each, (path) => reader.source(path)));
    const written = refused.length > 0 ? [] : changed;
    const total = read.sources.size;
    reporter.report({
      findings,
      source: (path) => reader.source(path),
      json: { outputs: [...printed, ...written.map(({ path }) => ({ path, state: "written" }))] },
      text: [...printed.map(({ text }) => text), ...written.map(({ path }) => `${path}\n`)].join(""),
      ...(printed.length === 0 && {
        summary: options.check
          ? `${formatted} of ${total} files are formatted`
          : `${written.length} of ${total} files were written`,
      }),
    });
    if (read.failed || refused.length > 0) return ExitCode.USAGE;
    return findings.length > 0 ? ExitCode.FINDINGS : ExitCode.OK;
  },
};

/** The finding stands at the first lines that differ, and its fix replaces these alone. */
function notFormatted(source: SourceFile, text: string): Diagnostic {
  const { start, end, insert } = difference(source.text, text);
  const span = source.span(start, end);
  return diagnostic("RPC7016", span, { path: source.path }, { fix: [{ span, text: insert }] });
}

/** The lines between the first and the last that differ. */
function difference(before: string, after: string): { readonly start: number; readonly end: number; readonly insert: string } {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const shortest = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shortest && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const start = old.slice(0, head).join("").length;
  return {
    start,
    end: before.length - old.slice(old.length - tail).join("").length,
    insert: fresh.slice(head, fresh.length - tail).join(""),
  };
}

/** Each with its line break. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
