/** `rpcgen sdk`: a package of clients and servers, ready to be published. */
import path from "node:path";
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type Finding, type SourceLookup } from "../../diagnostics/finding.js";
import type { Schema } from "../../ir/schema.js";
import type { OutputLayout } from "../../output-layout.js";
import type { Release } from "../../sdk/changelog.js";
import { SourceFile } from "../../text/source-file.js";
import { compileFiles, type CompiledFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import { findConfig, refuseConfig, type FoundConfig } from "../find-config.js";
import { foreignFiles } from "../foreign-files.js";
import type { Published } from "../older/published.js";
import { NoOlderVersion } from "../older/tree.js";
import { config, files, out, stdinFilename } from "../options.js";
import { NotSettled, settlePackage, type PackageSettings } from "../package-settings.js";
import { planOutputs, type OutputPlan } from "../plan-outputs.js";
import type { Outcome } from "../reporter.js";
import { portablePath } from "../source-paths.js";
import type { Invocation, Verb } from "../verb.js";
import { runtimeRange } from "../version.js";
import { writeOutputs } from "../write-outputs.js";

/** Foreign files that are named; the others are counted. */
const MOST_NAMED = 5;

export const sdk: Verb = {
  name: "sdk",
  summary: "make a package of clients and servers, ready to be published",
  operands: [files()],
  options: () => [
    new Option("--name <package>", "what npm is to call it, such as @acme/orders"),
    out("where to write; all of the folder is the package", "sdk"),
    new Option("--against <version>", "the older one: a version or tag of it, npm:PACKAGE[@VERSION], a folder or an archive"),
    new Option("--version <version>", "the new one, or major, minor or patch; refused if it says less than what changed"),
    new Option("--root <folder>", "the folder that sources are laid out from, instead of their common one"),
    new Option("--dry-run", "write nothing; list the files that would be written"),
    ...config(),
    stdinFilename(),
  ],
  settings: { sources: "operands", root: "root" },
  examples: [
    ['sdk "idl/**/*.idl" --name @acme/orders', "a first version in sdk/, for npm publish"],
    ['sdk "idl/**/*.idl" --name @acme/orders --against latest', "the next one, its number and CHANGELOG from what changed"],
    ['sdk "idl/**/*.idl" --name @acme/orders --against 1.2.0 --version minor', "fail where that would break somebody"],
  ],
  async run(invocation) {
    const { options, host, reporter } = invocation;
    const refuse = (refused: Pick<Outcome, "findings" | "source">): ExitCode => {
      reporter.report({ ...refused, json: NOTHING.json, summary: NOTHING.summary });
      return ExitCode.USAGE;
    };
    const found = await findConfig(host, options.config);
    if ("findings" in found) return refuse(found);
    const [{ problemsOf }, { problemsOf: problemsOfBreaking }, { breakingRules }] = await Promise.all([
      import("../../sdk/settings.js"),
      import("../../breaking/settings.js"),
      import("../../breaking/rules.js"),
    ]);
    const problems = [...problemsOf(found.config.sdk === undefined ? {} : found.config.sdk), ...problemsOfBreaking(found.config.breaking === undefined ? {} : found.config.breaking, Object.values(breakingRules))];
    if (problems.length > 0) return refuse(await refuseConfig(host, found, problems));
    let settings: PackageSettings;
    try {
      settings = settlePackage(options.name, found, host);
    } catch (error) {
      if (!(error instanceof NotSettled)) throw error;
      return refuse({ findings: [locate(diagnostic("RPC7060", undefined, { reason: error.message, help: error.help }), () => undefined)], source: () => undefined });
    }
    const { exitCode, ...outcome } = await make(invocation, found, settings);
    reporter.report(outcome);
    return exitCode;
  },
};

type Said = Outcome & { readonly exitCode: ExitCode };

const NOTHING = { json: { package: null, outputs: [] }, summary: "nothing was written" };

/** All up to the release may refuse; then the package is written. */
async function make(invocation: Invocation, { config: { breaking = {} } }: FoundConfig, settings: PackageSettings): Promise<Said> {
  const { options, host } = invocation;
  const compiled = await compileFiles(invocation, []);
  let source: SourceLookup = compiled.source;
  const findings: Finding[] = [...compiled.findings];
  const stop = (exitCode: ExitCode, ...found: Diagnostic[]): Said => ({ findings: [...findings, ...found.map((each) => locate(each, source))], source, exitCode, ...NOTHING });
  const { schema } = compiled;
  if (compiled.exitCode !== ExitCode.OK || schema === undefined) return stop(compiled.exitCode);

  const [{ problemsIn }, { layOut }] = await Promise.all([import("../../sdk/sdk.js"), import("../../output-layout.js")]);
  const layout = layOut(compiled.files, { cwd: portablePath(host.cwd), root: options.root && portablePath(options.root), areModules: true });
  findings.push(...[...layout.misplaced, ...problemsIn(schema)].map((each) => locate(each, source)));
  if (findings.some(({ severity }) => severity === "error")) return stop(ExitCode.FINDINGS);

  const foreign = foreignFiles(path.resolve(host.cwd, options.out), host);
  if (foreign.length > 0) {
    const folder = portablePath(options.out);
    return stop(ExitCode.USAGE, diagnostic("RPC7064", { file: folder, start: 0, end: 0 }, { folder, files: foreign.slice(0, MOST_NAMED), count: foreign.length }));
  }

  let older: Published | undefined;
  if (options.against !== undefined) {
    try {
      older = await olderPackage(options.against, settings.name, compiled.files, layout, host);
    } catch (error) {
      if (!(error instanceof NoOlderVersion)) throw error;
      return stop(ExitCode.USAGE, diagnostic("RPC7018", { file: options.against, start: 0, end: 0 }, { version: options.against, reason: error.message, help: error.help }));
    }
  }
  source = (file) => older?.schemas.source(file) ?? compiled.source(file);
  const { releaseOf } = await import("../package-release.js");
  const released = await releaseOf({ asked: options.version, schema, sources: textsOf(compiled), older, config: breaking });
  if (!("release" in released)) {
    findings.push(...released.findings);
    return stop(released.problem?.code === "RPC7060" ? ExitCode.USAGE : ExitCode.FINDINGS, ...(released.problem === undefined ? [] : [released.problem]));
  }

  const { release, step } = released;
  const plan = await planPackage({ compiled, schema, layout, settings, release }, invocation);
  findings.push(...plan.diagnostics.map((each) => locate(each, source)));
  const failed = options.dryRun ? [] : writeOutputs(plan, options.out, host);
  if (failed.length > 0) return stop(ExitCode.USAGE, ...failed);
  const changed = plan.outputs.filter(({ state }) => state !== "unchanged");
  const became = (state: string) => (options.dryRun || state === "unchanged" ? state : state === "extra" ? "removed" : "written");
  const { version, since } = release;
  const where = options.dryRun ? "would be written" : changed.length === 0 ? "is there, unchanged" : `is in ${portablePath(options.out)}`;
  return {
    findings,
    source,
    exitCode: ExitCode.OK,
    json: {
      package: { name: settings.name, version, since: since?.version ?? null, semver: step ?? null },
      outputs: plan.outputs.map(({ path: file, state }) => ({ path: file, state: became(state) })),
    },
    text: changed.map(({ path: file }) => `${file}\n`).join(""),
    summary: `${settings.name} ${version} ${where}${since === undefined ? "" : `; since ${since.version}, ${step === undefined ? "nothing" : `what changed is ${step}`}`}`,
  };
}

async function olderPackage(reference: string, name: string, files: readonly string[], layout: OutputLayout, host: Invocation["host"]): Promise<Published> {
  const { published } = await import("../older/published.js");
  const isAbsolute = files.every((file) => path.isAbsolute(file));
  return published({ reference, name, files, root: isAbsolute ? layout.root : portablePath(path.relative(host.cwd, layout.root)) || "." }, host);
}

function textsOf({ files, source }: CompiledFiles): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [file, source(file)?.text ?? ""]));
}

interface Made {
  readonly compiled: CompiledFiles;
  readonly schema: Schema;
  readonly layout: OutputLayout;
  readonly settings: PackageSettings;
  readonly release: Release;
}

async function planPackage({ compiled, schema, layout, settings, release }: Made, { options, host }: Invocation): Promise<OutputPlan> {
  const [{ sdk: sdkOf }, { relativeTo }] = await Promise.all([import("../../sdk/sdk.js"), import("../../output-layout.js")]);
  const laidOut = relativeTo(layout, schema);
  const paths = new Map(laidOut.files.map((file, at) => [file.path, schema.files[at]?.path ?? file.path]));
  const { licenseText, ...facts } = settings;
  const files = await sdkOf({
    schema: laidOut,
    source: (file) => compiled.source(paths.get(file) ?? file) ?? new SourceFile(file, ""),
    facts: { ...facts, runtime: runtimeRange },
    licenseText,
    release,
  });
  const [first = ""] = paths.values();
  const outputs = files.map(({ from, ...file }) => ({ ...file, source: from === undefined ? first : (paths.get(from) ?? from), target: "sdk" }));
  return planOutputs({ outputs, files: compiled.files, targets: ["sdk"], isWhole: true }, options.out, host);
}
