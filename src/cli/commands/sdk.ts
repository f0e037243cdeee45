/** `rpcgen sdk`: a package of clients and servers, ready to be published. */
import path from "node:path";
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type Finding, type SourceLookup } from "../../diagnostics/finding.js";
import { SourceFile } from "../../text/source-file.js";
import { compileFiles, type CompiledFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import { configProblem, findConfig, type FoundConfig } from "../find-config.js";
import { foreignFiles } from "../foreign-files.js";
import type { Published } from "../older/published.js";
import { NoOlderVersion } from "../older/tree.js";
import { config, stdinFilename } from "../options.js";
import { NotSettled, settlePackage, type PackageSettings } from "../package-settings.js";
import { planOutputs } from "../plan-outputs.js";
import { portablePath } from "../source-paths.js";
import type { Invocation, Verb } from "../verb.js";
import { runtimeRange } from "../version.js";
import { writeOutputs } from "../write-outputs.js";

/** What an output folder is called where nobody says otherwise. */
const FOLDER = "sdk";
/** Foreign files that are named; the others are counted. */
const MOST_NAMED = 5;

export const sdk: Verb = {
  name: "sdk",
  summary: "make a package of clients and servers, ready to be published",
  operands: [["<files...>", "paths, quoted patterns, or - for the standard input"]],
  options: () => [
    new Option("--name <package>", "what npm is to call it, such as @acme/orders"),
    new Option("--out <folder>", "where to write; all of the folder is the package").default(FOLDER),
    new Option("--against <version>", "the older one: a version or tag of it, npm:PACKAGE[@VERSION], a folder or an archive"),
    new Option("--version <version>", "the new one, or major, minor or patch; refused if it says less than what changed"),
    new Option("--root <folder>", "the folder that sources are laid out from, instead of their common one"),
    new Option("--dry-run", "write nothing; list the files that would be written"),
    config(),
    stdinFilename(),
  ],
  examples: [
    ['sdk "idl/**/*.idl" --name @acme/orders', "a first version in sdk/, for npm publish"],
    ['sdk "idl/**/*.idl" --name @acme/orders --against latest', "the next one, its number and CHANGELOG from what changed"],
    ['sdk "idl/**/*.idl" --name @acme/orders --against 1.2.0 --version minor', "fail where that would break somebody"],
  ],
  async run(invocation) {
    const { options, host } = invocation;
    const found = await findConfig(host, options.config);
    if ("diagnostic" in found) return refuse(invocation, [found.diagnostic]);
    const [{ problemsOf }, { problemsOf: breakingProblems }, { breakingRules }] = await Promise.all([
      import("../../sdk/settings.js"),
      import("../../breaking/settings.js"),
      import("../../breaking/rules.js"),
    ]);
    const [problem] = [...problemsOf(found.config.sdk ?? {}), ...breakingProblems(found.config.breaking ?? {}, Object.values(breakingRules))];
    if (problem !== undefined) return refuse(invocation, [configProblem(found.path ?? "", problem)]);
    try {
      return await make(invocation, found, settlePackage(options.name, found, host));
    } catch (error) {
      if (!(error instanceof NotSettled)) throw error;
      return refuse(invocation, [diagnostic("RPC7060", undefined, { reason: error.message, help: error.help })]);
    }
  },
};

function refuse({ reporter }: Invocation, problems: readonly Diagnostic[]): ExitCode {
  reporter.report({ findings: problems.map((each) => locate(each, () => undefined)), source: () => undefined, summary: NOTHING });
  return ExitCode.USAGE;
}

const NOTHING = "nothing was written";

async function make(invocation: Invocation, { config: { breaking = {} } }: FoundConfig, settings: PackageSettings): Promise<ExitCode> {
  const { options, host, reporter } = invocation;
  const compiled = await compileFiles(invocation, []);
  const { schema } = compiled;
  const findings: Finding[] = [...compiled.findings];
  let source: SourceLookup = compiled.source;
  const stop = (exitCode: ExitCode, found: readonly Diagnostic[] = []): ExitCode => {
    reporter.report({ findings: [...findings, ...found.map((each) => locate(each, source))], source, json: { package: null, outputs: [] }, summary: NOTHING });
    return exitCode;
  };
  if (compiled.exitCode !== ExitCode.OK || schema === undefined) return stop(compiled.exitCode);

  const [{ problemsIn, sdk: sdkOf }, { layOut, relativeTo }] = await Promise.all([import("../../sdk/sdk.js"), import("../../output-layout.js")]);
  const layout = layOut(compiled.files, { cwd: portablePath(host.cwd), root: options.root && portablePath(options.root) });
  const outside = layout.outside.map((file) => diagnostic("RPC7009", { file, start: 0, end: 0 }, { path: file, root: layout.root }));
  if (outside.length > 0) return stop(ExitCode.FINDINGS, outside);
  findings.push(...problemsIn(schema).map((each) => locate(each, source)));
  if (findings.some(({ severity }) => severity === "error")) return stop(ExitCode.FINDINGS);

  const shown = portablePath(options.out);
  const foreign = foreignFiles(path.resolve(host.cwd, options.out), host);
  if (foreign.length > 0) {
    const args = { folder: shown, files: foreign.slice(0, MOST_NAMED), count: foreign.length };
    return stop(ExitCode.USAGE, [diagnostic("RPC7064", { file: shown, start: 0, end: 0 }, args)]);
  }

  let older: Published | undefined;
  try {
    if (options.against !== undefined) older = await olderPackage(options.against, settings.name, compiled.files, layout.root, host);
  } catch (error) {
    if (!(error instanceof NoOlderVersion)) throw error;
    return stop(ExitCode.USAGE, [diagnostic("RPC7018", { file: options.against ?? "", start: 0, end: 0 }, { version: options.against ?? "", reason: error.message, help: error.help })]);
  }
  source = (file) => older?.schemas.source(file) ?? compiled.source(file);
  const { releaseOf } = await import("../package-release.js");
  const released = await releaseOf({ asked: options.version, schema, sources: textsOf(compiled), older, config: breaking });
  if (!("release" in released)) {
    findings.push(...released.findings);
    const { problem } = released;
    return stop(problem?.code === "RPC7060" ? ExitCode.USAGE : ExitCode.FINDINGS, problem === undefined ? [] : [problem]);
  }

  const { release, step } = released;
  const laidOut = relativeTo(layout, schema);
  const paths = new Map(laidOut.files.map((file, at) => [file.path, schema.files[at]?.path ?? file.path]));
  const { name, licenseText, ...facts } = settings;
  const made = await sdkOf({
    schema: laidOut,
    source: (file) => compiled.source(paths.get(file) ?? file) ?? new SourceFile(file, ""),
    facts: { ...facts, name, runtime: runtimeRange },
    licenseText,
    release,
  });
  const [first = ""] = paths.values();
  const outputs = made.map(({ path: file, text, from }) => ({ path: file, text, source: from === undefined ? first : (paths.get(from) ?? from), target: "sdk" }));
  const plan = planOutputs({ outputs, files: compiled.files, targets: ["sdk"], isWhole: true }, options.out, host);
  findings.push(...plan.diagnostics.map((each) => locate(each, source)));
  const failed = options.dryRun ? [] : writeOutputs(plan, options.out, host);
  if (failed.length > 0) return stop(ExitCode.USAGE, failed);
  const changed = plan.outputs.filter(({ state }) => state !== "unchanged");
  const became = (state: string) => (options.dryRun || state === "unchanged" ? state : state === "extra" ? "removed" : "written");
  reporter.report({
    findings,
    source,
    json: {
      package: { name, version: release.version, since: release.since?.version ?? null, semver: step ?? null },
      outputs: plan.outputs.map(({ path: file, state }) => ({ path: file, state: became(state) })),
    },
    text: changed.map(({ path: file }) => `${file}\n`).join(""),
    summary: `${name} ${release.version}${sinceText(release.since?.version, step)}${options.dryRun ? " would be written" : changed.length === 0 ? " is there, unchanged" : ` is in ${shown}`}`,
  });
  return ExitCode.OK;
}

async function olderPackage(reference: string, name: string, files: readonly string[], root: string, host: Invocation["host"]): Promise<Published> {
  const { published } = await import("../older/published.js");
  const here = portablePath(path.relative(host.cwd, root)) || ".";
  return published({ reference, name, files, root: files.every((file) => path.isAbsolute(file)) ? root : here }, host);
}

function textsOf({ files, source }: CompiledFiles): Readonly<Record<string, string>> {
  return Object.fromEntries(files.flatMap((file) => {
    const found = source(file);
    return found === undefined ? [] : [[file, found.text] as const];
  }));
}

function sinceText(since: string | undefined, step: string | undefined): string {
  if (since === undefined) return "";
  return step === undefined ? `, as ${since} in its schemas,` : `, for what changed since ${since} asks for a ${step} step,`;
}
