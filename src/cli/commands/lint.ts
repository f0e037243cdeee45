/** `rpcgen lint`: opinions on a schema that is correct, and their fixes. */
import path from "node:path";
import { Option } from "commander";
import { locate, type Finding } from "../../diagnostics/finding.js";
import { ExitCode } from "../exit-codes.js";
import { findConfig, refuseConfig, type FoundConfig, type RefusedConfig } from "../find-config.js";
import { makeFixes, type Texts } from "../make-fixes.js";
import { config, denyWarnings, files, stdinFilename } from "../options.js";
import { SourceReader } from "../read-sources.js";
import type { Invocation, Verb } from "../verb.js";
import { compareOutputs } from "../plan-outputs.js";
import { writeOutputs } from "../write-outputs.js";

/** Each round makes the fixes that do not touch each other. No rule undoes another's, so they end long before. */
const MOST_ROUNDS = 20;

export const lint: Verb = {
  name: "lint",
  summary: "point out what is correct and yet not well done",
  operands: [files()],
  options: () => [
    new Option("--fix", "make the changes that mend findings, where there are any"),
    denyWarnings(),
    ...config(),
    stdinFilename(),
  ],
  settings: { sources: "operands" },
  examples: [
    ['lint "idl/**/*.idl"', "what the recommended rules find"],
    ['lint "idl/**/*.idl" --fix', "and mend what can be mended"],
    ["explain field-camel-case", "what a rule wants, and why"],
  ],
  async run(invocation) {
    const { options, host, reporter } = invocation;
    const found = await findConfig(host, options.config);
    const refuse = (refused: RefusedConfig): ExitCode => {
      reporter.report(refused);
      return ExitCode.USAGE;
    };
    if ("findings" in found) return refuse(found);
    const [{ lintRules }, { problemsOf }] = await Promise.all([import("../../lint/rules.js"), import("../../lint/settings.js")]);
    const problems = problemsOf(found.config.lint === undefined ? {} : found.config.lint, Object.values(lintRules));
    if (problems.length > 0) return refuse(await refuseConfig(host, found, problems));
    return run(invocation, found);
  },
};

async function run({ operands, options, host, reporter }: Invocation, found: FoundConfig): Promise<ExitCode> {
  const { lint: lintFiles } = await import("../../lint.js");
  const reader = new SourceReader(host, options.stdinFilename);
  const read = await reader.readAll(operands);
  const texts = new Map(read.sources);
  const look = () =>
    lintFiles({
      sources: Object.fromEntries(texts),
      read: (file) => reader.readSource(file),
      ...(found.config.lint !== undefined && { config: found.config.lint }),
      pathOf: (file) => path.relative(found.folder, path.resolve(host.cwd, file)).split(path.sep).join("/"),
    });
  const asRead = texts.size === 0 ? { diagnostics: [], isChecked: true } : look();
  let result = asRead;
  let made = 0;
  if (options.fix && result.isChecked) {
    const { Compiler } = await import("../../compiler.js");
    const compiler = new Compiler({ read: (file) => reader.readSource(file), cwd: host.cwd });
    const mistakesIn = (sources: Texts) => compiler.update(Object.fromEntries(sources)).diagnostics.filter(({ severity }) => severity === "error").length;
    // What is correct must stay so, whatever a fix had in mind; that it can be generated is a part of that.
    const mistakes = mistakesIn(texts);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const fixes = result.diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix])).filter((fix) => fix.every(({ span }) => texts.has(span.file)));
      const fixed = makeFixes(texts, fixes, (sources) => mistakesIn(sources) <= mistakes);
      if (fixed.count === 0) break;
      for (const [file, text] of fixed.texts) texts.set(file, text);
      made += fixed.count;
      result = look();
    }
  }
  const changed = [...texts].filter(([file, text]) => text !== read.sources.get(file)).map(([file, text]) => ({ path: file, text }));
  const onDisk = changed.filter((each) => !reader.isStdin(each.path));
  const refused = writeOutputs({ outputs: compareOutputs(onDisk, "", host) }, "", host);
  const isRefused = refused.length > 0;
  if (!isRefused) for (const { path: file, text } of changed) reader.replace(file, text);
  const findings = [...read.diagnostics, ...refused].map((each) => locate(each, (file) => reader.source(file))).concat((isRefused ? asRead : result).diagnostics);
  const printed = options.fix ? [...(isRefused ? read.sources : texts)].filter(([file]) => reader.isStdin(file)).map(([file, text]) => ({ path: file, text })) : [];
  const fixed = `${made} ${made === 1 ? "fix" : "fixes"} made in ${changed.length} ${changed.length === 1 ? "file" : "files"}`;
  reporter.report({
    findings,
    source: (file) => reader.source(file),
    json: { fixed: isRefused ? 0 : made, outputs: [...printed, ...(isRefused ? [] : onDisk).map(({ path: file }) => ({ path: file, state: "written" }))] },
    text: printed.map(({ text }) => text).join(""),
    summary: isRefused ? "nothing was written" : made === 0 ? filesLooked(texts.size, findings) : fixed,
  });
  if (read.failed || isRefused) return ExitCode.USAGE;
  const fails = (finding: Finding) => finding.severity === "error" || (options.denyWarnings === true && finding.severity === "warning");
  return findings.some(fails) ? ExitCode.FINDINGS : ExitCode.OK;
}

function filesLooked(count: number, findings: readonly Finding[]): string {
  return `${count} ${count === 1 ? "file" : "files"} looked at${findings.length === 0 ? ", nothing found" : ""}`;
}
