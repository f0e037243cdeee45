/** Finds the configuration of a project, upward from the working folder, and loads it. */
import path from "node:path";
import { problemsOf, type Config } from "../config.js";
import { diagnostic } from "../diagnostics/collector.js";
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import { errorText } from "../diagnostics/error-text.js";
import { locate, type Finding, type SourceLookup } from "../diagnostics/finding.js";
import type { SettingProblem } from "../diagnostics/setting-problem.js";
import { SourceFile } from "../text/source-file.js";
import type { Host } from "./host.js";
import { portablePath } from "./source-paths.js";
import { targets } from "./targets.js";
import { Unloadable } from "./unloadable.js";

const NAMES = ["rpcgen.config.ts", "rpcgen.config.mts", "rpcgen.config.js", "rpcgen.config.mjs"];

export interface FoundConfig {
  readonly config: Config;
  /** Absolute: what patterns in the configuration start from. */
  readonly folder: string;
  /** As a person would type it; absent where there is none. */
  readonly path?: string;
}

/** A configuration that cannot be used. */
export interface RefusedConfig {
  readonly findings: readonly Finding[];
  readonly source: SourceLookup;
}

/** What finding takes of a host. */
export type ConfigWorld = Pick<Host, "cwd" | "fs" | "loadModule">;

/** What the command line says: a path, or false for no configuration. */
type Asked = string | false | undefined;

export async function findConfig(host: ConfigWorld, asked: Asked): Promise<FoundConfig | RefusedConfig> {
  const file = asked === false ? undefined : asked === undefined ? nearest(host) : path.resolve(host.cwd, asked);
  if (file === undefined) return { config: {}, folder: host.cwd };
  const found = { folder: path.dirname(file), path: portablePath(path.relative(host.cwd, file)) };
  const refuse = (...problems: SettingProblem[]) => refuseConfig(host, found, problems);
  if (!host.fs.existsSync(file)) return refuse({ at: [], reason: "there is no such file" });
  if (host.fs.statSync(file).isDirectory()) return refuse({ at: [], reason: "it is a folder" });
  let loaded: unknown;
  try {
    loaded = await host.loadModule(file);
  } catch (error) {
    const help = error instanceof Unloadable ? error.help : undefined;
    return refuse({ at: [], reason: errorText(error), help });
  }
  try {
    const exported = defaultOf(loaded);
    if (typeof exported !== "object" || exported === null || Array.isArray(exported)) return refuse({ at: [], reason: "its default export is no object", help: "export default defineConfig({ … })" });
    // What is computed is computed now, and once.
    const config: Config = { ...exported };
    const problems = [...unknownSettings(config), ...problemsOf(config, targets)];
    return problems.length > 0 ? refuse(...problems) : { config, ...found };
  } catch (error) {
    return refuse({ at: [], reason: `its settings cannot be read: ${errorText(error)}` });
  }
}

/** Where a configuration is, or could be before one that is there: files that change what `findConfig` finds. */
export function configCandidates(host: ConfigWorld, asked: Asked): string[] {
  if (asked === false) return [];
  if (asked !== undefined) return [path.resolve(host.cwd, asked)];
  const found = nearest(host);
  return [...new Set([...NAMES.map((name) => path.join(host.cwd, name)), ...(found === undefined ? [] : [found])])];
}

/** Says what is wrong with settings, each where it stands. */
export async function refuseConfig({ cwd, fs }: Pick<Host, "cwd" | "fs">, { path: name = "" }: Pick<FoundConfig, "path">, problems: readonly SettingProblem[]): Promise<RefusedConfig> {
  const file = path.resolve(cwd, name);
  const isFile = fs.existsSync(file) && fs.statSync(file).isFile();
  const text = new SourceFile(name, isFile ? fs.readFileSync(file, "utf8") : "");
  const source: SourceLookup = (asked) => (asked === name && isFile ? text : undefined);
  const findings: Finding[] = [];
  for (const { at, reason, help } of problems) {
    const span = at.length === 0 ? text.span(0, 0) : await (await import("./config-place.js")).placeOfSetting(text, at);
    findings.push(locate(diagnostic("RPC7017", span, { path: name, reason, help }), source));
  }
  return { findings, source };
}

const KNOWN: readonly string[] = ["sources", "out", "targets", "root", "prettier", "lint", "breaking", "sdk"] satisfies (keyof Config)[];

function unknownSettings(config: object): SettingProblem[] {
  const unknown = Object.keys(config).filter((key) => !KNOWN.includes(key));
  return unknown.map((key) => ({ at: [key], reason: `"${key}" is no setting; there are ${KNOWN.join(", ")}`, help: didYouMean(closest(key, KNOWN)) }));
}

function nearest({ cwd, fs }: ConfigWorld): string | undefined {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const found = NAMES.map((name) => path.join(folder, name)).find((file) => fs.existsSync(file));
    if (found !== undefined || folder === path.dirname(folder)) return found;
  }
}

/** A module that was turned into CommonJS has its default within another. */
function defaultOf(loaded: unknown): unknown {
  const own = typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : undefined;
  return typeof own === "object" && own !== null && "default" in own ? own.default : own;
}
