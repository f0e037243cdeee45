/** `rpcgen check`: parses and checks, writes nothing. */
import { compileFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import { config, files, stats, stdinFilename } from "../options.js";
import type { Verb } from "../verb.js";

export const check: Verb = {
  name: "check",
  summary: "report every mistake in the files and what they import",
  operands: [files()],
  options: () => [...config(), stats(), stdinFilename()],
  settings: { sources: "operands" },
  examples: [
    ["check orders.idl", "every mistake in the file and its imports"],
    ['check "idl/**/*.idl" --json', "the same for many files, for a program to read"],
    ["check - --stdin-filename idl/orders.idl < draft.idl", "what an editor has not saved yet"],
  ],
  async run(invocation) {
    const { options, reporter } = invocation;
    const { findings, source, files, exitCode, stopwatch } = await compileFiles(invocation, []);
    const summary = exitCode === ExitCode.OK ? `${files.length} ${files.length === 1 ? "file has" : "files have"} no errors` : undefined;
    const said = [summary, options.stats && stopwatch.text].filter((part) => typeof part === "string");
    reporter.report({
      findings,
      source,
      ...(options.stats && { json: { stats: stopwatch.phases } }),
      ...(said.length > 0 && { summary: said.join("\n") }),
    });
    return exitCode;
  },
};
