/** `rpcgen breaking`: what breaks, for whom, when one version of the schemas follows another. */
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import { locate, type SourceLookup } from "../../diagnostics/finding.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { ExitCode } from "../exit-codes.js";
import { findConfig, refuseConfig } from "../find-config.js";
import { config, denyWarnings, files } from "../options.js";
import { olderVersion, type OlderVersion } from "../older/older-version.js";
import { NoOlderVersion } from "../older/tree.js";
import { SourceReader } from "../read-sources.js";
import type { Outcome } from "../reporter.js";
import type { Verb } from "../verb.js";

export const breaking: Verb = {
  name: "breaking",
  summary: "say what breaks for whom since an older version, and what version that makes",
  operands: [files("paths or quoted patterns: all of the new version")],
  options: () => [
    new Option("--against <version>", "the older one: a folder, a file, git:REVISION or npm:PACKAGE[@VERSION]").makeOptionMandatory(),
    denyWarnings(),
    ...config(),
  ],
  settings: { sources: "operands" },
  examples: [
    ['breaking "idl/**/*.idl" --against git:main', "what this branch breaks"],
    ['breaking "idl/**/*.idl" --against npm:@acme/orders@latest', "what has changed since what was published last"],
    ["explain field-became-required", "why a change breaks something"],
  ],
  async run({ operands, options, host, reporter }) {
    const reader = new SourceReader(host, "stdin.idl");
    const refuse = (refused: Pick<Outcome, "findings" | "source">): ExitCode => {
      reporter.report(refused);
      return ExitCode.USAGE;
    };
    const source: SourceLookup = (file) => reader.source(file);
    const refuseAll = (problems: readonly Diagnostic[]) => refuse({ findings: problems.map((each) => locate(each, source)), source });
    const found = await findConfig(host, options.config);
    if ("findings" in found) return refuse(found);
    const [{ breaking: compare }, { breakingRules }, { problemsOf }] = await Promise.all([
      import("../../breaking.js"),
      import("../../breaking/rules.js"),
      import("../../breaking/settings.js"),
    ]);
    const problems = problemsOf(found.config.breaking === undefined ? {} : found.config.breaking, Object.values(breakingRules));
    if (problems.length > 0) return refuse(await refuseConfig(host, found, problems));
    const { sources, diagnostics, failed } = await reader.readAll(operands);
    if (failed || diagnostics.length > 0) return refuseAll(diagnostics);
    let older: OlderVersion;
    try {
      older = olderVersion(options.against, [...sources.keys()], host);
    } catch (error) {
      if (!(error instanceof NoOlderVersion)) throw error;
      return refuseAll([diagnostic("RPC7018", { file: options.against, start: 0, end: 0 }, { version: options.against, reason: error.message, help: error.help })]);
    }
    const result = compare({
      before: { sources: older.sources, read: (file) => older.read(file) },
      after: { sources: Object.fromEntries(sources), read: (file) => reader.readSource(file) },
      oldFile: (file) => older.nameOf(file),
      ...(found.config.breaking !== undefined && { config: found.config.breaking }),
    });
    const { diagnostics: findings, semver, isCompared } = result;
    reporter.report({
      findings,
      source: (file) => older.source(file) ?? reader.source(file),
      json: { compared: isCompared, semver: semver ?? null },
      summary: !isCompared ? "not compared: one of the versions has errors" : semver === undefined ? "nothing changed" : `the next version is a ${semver} one`,
    });
    const isRefused = findings.some(({ severity }) => severity === "error" || (options.denyWarnings === true && severity === "warning"));
    return isRefused ? ExitCode.FINDINGS : ExitCode.OK;
  },
};
