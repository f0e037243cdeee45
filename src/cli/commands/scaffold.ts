/** `rpcgen scaffold`: a skeleton of handlers for each service, or what one that is there lacks. */
import path from "node:path";
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceLookup } from "../../diagnostics/finding.js";
import type { SchemaFile, Service } from "../../ir/schema.js";
import type { Scaffolded } from "../../scaffold/scaffold.js";
import { SourceFile } from "../../text/source-file.js";
import { compileFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import { importPath, modulesFor, readModule, UnreadableModule } from "../handlers-modules.js";
import { config, files, out, stdinFilename } from "../options.js";
import { compareOutputs } from "../plan-outputs.js";
import { layOutText, NotLaidOut } from "../project-layout.js";
import { portablePath } from "../source-paths.js";
import type { Invocation, Verb } from "../verb.js";
import { writeOutputs } from "../write-outputs.js";

export const scaffold: Verb = {
  name: "scaffold",
  summary: "write skeletons of handlers, or add what those that are there lack",
  operands: [files()],
  options: () => [
    out("where handlers stand, as the sources below their common folder", "src"),
    new Option("--gen <folder>", "where generate writes, for the imports").default("gen"),
    new Option("--root <folder>", "the folder that outputs are laid out from, as in generate"),
    new Option("--check", "write nothing; exit with 1 if a handler is missing").conflicts("dryRun"),
    new Option("--dry-run", "write nothing; list the files that would be written"),
    ...config(),
    stdinFilename(),
  ],
  settings: { sources: "operands", out: "gen", root: "root" },
  examples: [
    ["scaffold orders.idl", "write src/orders.handlers.ts, or add the handlers that it lacks"],
    ['scaffold "idl/**/*.idl" --out src/handlers --gen src/gen', "the same for a folder of schemas"],
    ['scaffold "idl/**/*.idl" --check', "fail where a method has no handler, in CI"],
  ],
  async run(invocation) {
    const { options, host, reporter } = invocation;
    const compiled = await compileFiles(invocation, []);
    let all = NOTHING;
    try {
      if (compiled.exitCode === ExitCode.OK && compiled.schema !== undefined) all = await scaffoldAll(compiled.schema.files, invocation).catch(notLaidOut);
    } catch (error) {
      if (!(error instanceof UnreadableModule)) throw error;
      const { diagnostic: found, source } = error;
      const lookup: SourceLookup = (file) => (file === source?.path ? source : compiled.source(file));
      reporter.report({ findings: [...compiled.findings, locate(found, lookup)], source: lookup, json: { outputs: [], added: [] }, summary: "nothing was written" });
      return ExitCode.USAGE;
    }
    const { made, misplaced } = all;
    const sources = new Map(made.flatMap(({ before }) => (before === undefined ? [] : [[before.path, before]])));
    const source: SourceLookup = (file) => sources.get(file) ?? compiled.source(file);
    const found = [...misplaced, ...made.flatMap(({ diagnostics }) => diagnostics)];
    const added = made.flatMap((each) => each.added);
    const plan = compareOutputs(made.flatMap(({ output }) => output ?? []), "", host);
    const different = plan.flatMap(({ path: name, state }) => (state === "missing" || state === "stale" ? [{ name, state }] : []));
    if (options.check) found.push(...different.map(({ name, state }) => diagnostic("RPC7008", { file: name, start: 0, end: 0 }, { path: name, state })));
    const isFine = compiled.exitCode === ExitCode.OK && misplaced.length === 0 && made.every(({ diagnostics }) => diagnostics.every(({ severity }) => severity !== "error"));
    const isDry = options.check === true || options.dryRun === true;
    const failed = isFine && !isDry ? writeOutputs({ outputs: plan }, "", host) : [];
    const wrote = isFine && !isDry && failed.length === 0;
    const findings = [...compiled.findings, ...[...found, ...failed].map((each) => locate(each, source))];
    const handlers = added.length === 1 ? "1 handler" : `${added.length} handlers`;
    const summary = isFine && isDry ? `${handlers} missing` : wrote ? `${handlers} added` : "nothing was written";
    reporter.report({
      findings,
      source,
      json: { outputs: isFine ? plan.map(({ path: name, state }) => ({ path: name, state: wrote && state !== "unchanged" ? "written" : state })) : [], added: isFine ? added : [] },
      text: wrote || (isFine && isDry) ? different.map(({ name }) => `${name}\n`).join("") : "",
      summary,
    });
    if (compiled.exitCode !== ExitCode.OK) return compiled.exitCode;
    if (failed.length > 0) return ExitCode.USAGE;
    return findings.some(({ severity }) => severity === "error") ? ExitCode.FINDINGS : ExitCode.OK;
  },
};

interface Made extends Pick<Scaffolded, "added" | "diagnostics"> {
  /** The module as it is, if it is there. */
  readonly before?: SourceFile;
  readonly output?: { readonly path: string; readonly text: string };
}

interface All {
  readonly made: readonly Made[];
  /** Where a source has no place among the outputs, or prettier cannot lay out what was made: then nothing is. */
  readonly misplaced: readonly Diagnostic[];
}

const NOTHING: All = { made: [], misplaced: [] };

function notLaidOut(error: unknown): All {
  if (!(error instanceof NotLaidOut)) throw error;
  return { made: [], misplaced: [error.diagnostic] };
}

/** The modules of handlers of all files, as they are to be. */
async function scaffoldAll(files: readonly SchemaFile[], { options, host }: Invocation): Promise<All> {
  const [{ scaffold: make, handlersType, hasHandlers }, { layOut, withoutExtension }, { ts }] = await Promise.all([import("../../scaffold/scaffold.js"), import("../../output-layout.js"), import("ts-morph")]);
  const layout = layOut(files.map((file) => file.path), { cwd: portablePath(host.cwd), root: options.root && portablePath(options.root), areModules: true });
  if (layout.misplaced.length > 0) return { made: [], misplaced: layout.misplaced };
  const made: Made[] = [];
  for (const file of files) {
    const services = file.declarations.filter((each) => each.kind === "service");
    const base = withoutExtension(layout.relative(file.path));
    const standard = portablePath(path.join(options.out, `${base}.handlers.ts`));
    const places = new Map<string, Service[]>();
    for (const service of services) {
      const modules = modulesFor(handlersType(service), standard, options, host, ({ name, text }) => hasHandlers(name, text, service, ts));
      for (const module of modules) places.set(module, [...(places.get(module) ?? []), service]);
    }
    for (const [place, its] of places) {
      const existing = readModule(host, place);
      const wanted = { path: place, text: existing?.text, services: its, generated: importPath(host, place, path.join(options.gen, base)) };
      const { text, ...said } = await make(wanted, ts, async (printed) => (await layOutText(place, printed, host)) ?? printed);
      const before = existing === undefined ? {} : { before: new SourceFile(place, existing.text) };
      made.push({ ...said, ...before, ...(text !== undefined && { output: { path: place, text: (existing?.mark ?? "") + text } }) });
    }
  }
  return { made, misplaced: [] };
}
