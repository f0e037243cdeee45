/** `rpcgen generate`, the default: compiles, and writes what changed. */
import path from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Target } from "../../compile.js";
import { diagnostic } from "../../diagnostics/collector.js";
import { locate } from "../../diagnostics/finding.js";
import { compileFiles, type CompiledFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import { stdinFilename } from "../options.js";
import { portablePath } from "../source-paths.js";
import { targets, type Invocation, type Verb } from "../verb.js";
import { planOutputs, writeOutputs, type PlannedOutput } from "../write-outputs.js";

export const generate: Verb = {
  name: "generate",
  summary: "compile the files and write what changed (the default)",
  operands: [["<files...>", "paths, quoted patterns, or - for the standard input"]],
  options: () => [
    new Option("--out <folder>", "where to write; outputs stand in it as the sources below their common folder").default("gen"),
    new Option("--target <names>", "what to write: ts, json, kit, dts, or several with commas")
      .default(["ts"], "ts")
      .argParser(parseTargets),
    new Option("--root <folder>", "the folder that outputs are laid out from, instead of the sources' common one"),
    new Option("--check", "write nothing; exit with 1 if a file is missing or stale").conflicts(["dryRun", "stdout"]),
    new Option("--dry-run", "write nothing; list the files that would be written").conflicts("stdout"),
    new Option("--stdout", "write the outputs to the standard output instead"),
    stdinFilename(),
  ],
  examples: [
    ["orders.idl", "write gen/orders.ts and the files behind it"],
    ['"idl/**/*.idl" --out src/gen', "write src/gen/…, mirroring the folders of idl"],
    ["orders.idl --check", "fail where the generated files are not what they should be"],
    ["orders.idl --target json --stdout", "what the file means, as JSON"],
  ],
  async run(invocation) {
    const { options, host, reporter } = invocation;
    const compiled = await compileFiles(invocation, options.target);
    const { findings, source, outputs } = compiled;
    if (compiled.exitCode !== ExitCode.OK) {
      reporter.report({ findings, source, json: { outputs: [] }, summary: "nothing was written" });
      return compiled.exitCode;
    }
    if (options.stdout) {
      reporter.report({ findings, source, json: { outputs }, text: printed(outputs) });
      return ExitCode.OK;
    }
    const overwritten = outputs.map((output) => portablePath(path.join(options.out, output.path))).find((output) => isSource(output, compiled, host.cwd));
    if (overwritten !== undefined) {
      const found = diagnostic("RPC7010", { file: overwritten, start: 0, end: 0 }, { path: overwritten });
      reporter.report({ findings: [...findings, locate(found, source)], source, json: { outputs: [] }, summary: "nothing was written" });
      return ExitCode.USAGE;
    }
    const planned = planOutputs(outputs, options.out, host);
    return options.check || options.dryRun ? compare(planned, compiled, invocation) : write(planned, compiled, invocation);
  },
};

/** `--check` and `--dry-run`: says what differs and leaves it. */
function compare(planned: readonly PlannedOutput[], { findings, source }: CompiledFiles, { options, reporter }: Invocation): ExitCode {
  const different = planned.filter(({ state }) => state !== "unchanged");
  const stale = options.check
    ? different.map(({ path, state }) => {
        const found = diagnostic("RPC7008", { file: path, start: 0, end: 0 }, { path, state: state === "missing" ? state : "stale" });
        return locate(found, source);
      })
    : [];
  reporter.report({
    findings: [...findings, ...stale],
    source,
    json: { outputs: planned.map(({ path, state }) => ({ path, state })) },
    text: listed(different),
    summary: options.check
      ? `${planned.length - different.length} of ${planned.length} files are fresh`
      : `${different.length} of ${planned.length} files would be written`,
  });
  return stale.length > 0 ? ExitCode.FINDINGS : ExitCode.OK;
}

function write(planned: readonly PlannedOutput[], { findings, source }: CompiledFiles, { host, reporter }: Invocation): ExitCode {
  const refused = writeOutputs(planned, host);
  if (refused.length > 0) {
    const all = [...findings, ...refused.map((found) => locate(found, source))];
    reporter.report({ findings: all, source, json: { outputs: [] }, summary: "nothing was written" });
    return ExitCode.USAGE;
  }
  const changed = planned.filter(({ state }) => state !== "unchanged");
  const left = planned.length - changed.length;
  reporter.report({
    findings,
    source,
    json: { outputs: planned.map(({ path, state }) => ({ path, state: state === "unchanged" ? state : "written" })) },
    text: listed(changed),
    summary: `${changed.length} ${changed.length === 1 ? "file" : "files"} written${left > 0 ? `, ${left} unchanged` : ""}`,
  });
  return ExitCode.OK;
}

function listed(outputs: readonly PlannedOutput[]): string {
  return outputs.map(({ path }) => `${path}\n`).join("");
}

/** One output stands alone; several have their paths above them. */
function printed(outputs: CompiledFiles["outputs"]): string {
  if (outputs.length === 1) return outputs[0]?.text ?? "";
  return outputs.map(({ path, text }) => `// ---- ${path} ----\n${text}`).join("\n");
}

function isSource(output: string, { files }: CompiledFiles, cwd: string): boolean {
  const target = path.resolve(cwd, output);
  return files.some((file) => path.resolve(cwd, file) === target);
}

function parseTargets(value: string): Target[] {
  return value.split(",").map((word) => {
    const found = targets.find((target) => target === word.trim());
    if (found === undefined) throw new InvalidArgumentError(`The targets are ${targets.join(", ")}.`);
    return found;
  });
}
