/** `rpcgen scaffold`: a skeleton of handlers for each service, or what one that is there lacks. */
import path from "node:path";
import { Option } from "commander";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { diagnostic } from "../../diagnostics/collector.js";
import { locate } from "../../diagnostics/finding.js";
import type { Service } from "../../ir/schema.js";
import type { Scaffolded } from "../../scaffold/scaffold.js";
import { SourceFile } from "../../text/source-file.js";
import { compileFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import type { Host } from "../host.js";
import { stdinFilename } from "../options.js";
import { compareOutputs } from "../plan-outputs.js";
import { portablePath } from "../source-paths.js";
import type { Verb } from "../verb.js";
import { writeOutputs } from "../write-outputs.js";

export const scaffold: Verb = {
  name: "scaffold",
  summary: "write skeletons of handlers, or add what those that are there lack",
  operands: [["<files...>", "paths, quoted patterns, or - for the standard input"]],
  options: () => [
    new Option("--out <folder>", "where handlers stand, as the sources below their common folder").default("src"),
    new Option("--gen <folder>", "where generate writes, for the imports").default("gen"),
    new Option("--root <folder>", "the folder that outputs are laid out from, as in generate"),
    new Option("--check", "write nothing; exit with 1 if a handler is missing").conflicts("dryRun"),
    new Option("--dry-run", "write nothing; list the files that would be written"),
    stdinFilename(),
  ],
  examples: [
    ["scaffold orders.idl", "write src/orders.handlers.ts, or add the handlers that it lacks"],
    ['scaffold "idl/**/*.idl" --out src/handlers --gen src/gen', "the same for a folder of schemas"],
    ['scaffold "idl/**/*.idl" --check', "fail where a method has no handler, in CI"],
  ],
  async run(invocation) {
    const { options, host, reporter } = invocation;
    const compiled = await compileFiles(invocation, []);
    const sources = new Map<string, SourceFile>();
    const source = (file: string) => sources.get(file) ?? compiled.source(file);
    const found: Diagnostic[] = [];
    const outputs: { readonly path: string; readonly text: string }[] = [];
    const added: string[] = [];
    if (compiled.exitCode === ExitCode.OK && compiled.schema !== undefined) {
      const [{ scaffold: make, speaksOf }, { layOut }, { ts }] = await Promise.all([import("../../scaffold/scaffold.js"), import("../../output-layout.js"), import("ts-morph")]);
      const { files } = compiled.schema;
      const layout = layOut(files.map((file) => file.path), { cwd: portablePath(host.cwd), root: options.root && portablePath(options.root) });
      for (const file of files) {
        const services = file.declarations.filter((each): each is Service => each.kind === "service");
        if (services.length === 0 || layout.outside.includes(file.path)) continue;
        const base = layout.relative(file.path).replace(/\.idl$/, "");
        const standard = portablePath(path.join(options.out, `${base}.handlers.ts`));
        const others = services.map((service) => elsewhere(host, options.out, options.gen, standard, service).filter(({ text, name }) => speaksOf(name, text, service, ts)));
        const places = new Map<string, Service[]>();
        services.forEach((service, index) => {
          const own = textOf(host, standard)?.text;
          const names = own !== undefined && speaksOf(standard, own, service, ts) ? [standard] : (others[index]?.map(({ name }) => name) ?? []);
          for (const name of names.length > 0 ? names : [standard]) places.set(name, [...(places.get(name) ?? []), service]);
        });
        for (const [place, its] of places) {
          const existing = textOf(host, place);
          if (existing !== undefined) sources.set(place, new SourceFile(place, existing.text));
          const made: Scaffolded = await make({ path: place, text: existing?.text, services: its, generated: specifier(host, place, path.join(options.gen, base)) }, ts, (text) => host.layOut(path.resolve(host.cwd, place), text));
          found.push(...made.diagnostics);
          added.push(...made.added);
          if (made.text !== undefined) outputs.push({ path: place, text: (existing?.mark ?? "") + made.text });
        }
      }
    }
    const refused = found.some(({ severity }) => severity === "error");
    const plan = compareOutputs(outputs, "", host);
    const different = plan.filter(({ state }) => state !== "unchanged");
    if (options.check) for (const { path: name, state } of different) if (state === "missing" || state === "stale") found.push(diagnostic("RPC7008", { file: name, start: 0, end: 0 }, { path: name, state }));
    const reads = options.check || options.dryRun || refused || compiled.exitCode !== ExitCode.OK;
    const failed = reads ? [] : writeOutputs({ outputs: plan }, "", host);
    const wrote = !reads && failed.length === 0;
    const findings = [...compiled.findings, ...[...found, ...failed].map((each) => locate(each, source))];
    reporter.report({
      findings,
      source,
      json: { outputs: plan.map(({ path: name, state }) => ({ path: name, state: wrote && state !== "unchanged" ? "written" : state })), added },
      text: refused ? "" : different.map(({ path: name }) => `${name}\n`).join(""),
      summary: wrote ? `${added.length} ${added.length === 1 ? "handler was" : "handlers were"} added` : reads && !refused && compiled.exitCode === ExitCode.OK ? `${added.length} ${added.length === 1 ? "handler is" : "handlers are"} missing` : "nothing was written",
    });
    if (compiled.exitCode !== ExitCode.OK) return compiled.exitCode;
    if (failed.length > 0) return ExitCode.USAGE;
    return findings.some(({ severity }) => severity === "error") ? ExitCode.FINDINGS : ExitCode.OK;
  },
};

interface UserText {
  readonly name: string;
  readonly text: string;
  /** The byte order mark, if there is one. */
  readonly mark: string;
}

function textOf({ fs, cwd }: Host, name: string): UserText | undefined {
  const file = path.resolve(cwd, name);
  if (!fs.existsSync(file)) return undefined;
  const whole = fs.readFileSync(file, "utf8");
  const mark = whole.startsWith("\ufeff") ? "\ufeff" : "";
  return { name, text: whole.slice(mark.length), mark };
}

/** Modules below the output folder that name the handlers of a service: the user may have moved them. */
function elsewhere(host: Host, out: string, gen: string, standard: string, service: Service): UserText[] {
  const word = `${service.tsName ?? service.name}`;
  const generated = path.resolve(host.cwd, gen);
  const found: UserText[] = [];
  const visit = (folder: string): void => {
    for (const name of host.fs.readdirSync(folder).map(String).sort()) {
      const file = path.join(folder, name);
      if (name === "node_modules" || name.startsWith(".") || file === generated) continue;
      if (host.fs.lstatSync(file).isDirectory()) visit(file);
      else if (/(?<!\.d)\.[cm]?tsx?$/.test(name) && !/\.(test|spec)\./.test(name)) {
        const shown = portablePath(path.relative(host.cwd, file));
        const read = shown === standard ? undefined : textOf(host, shown);
        if (read?.text.includes(`${word}Handlers`)) found.push(read);
      }
    }
  };
  const folder = path.resolve(host.cwd, out);
  if (host.fs.existsSync(folder) && host.fs.statSync(folder).isDirectory()) visit(folder);
  return found;
}

function specifier({ cwd }: Host, from: string, to: string): string {
  const relative = portablePath(path.relative(path.dirname(path.resolve(cwd, from)), path.resolve(cwd, to)));
  return `${relative.startsWith(".") ? "" : "./"}${relative}.js`;
}
