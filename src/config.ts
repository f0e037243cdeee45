/** `rpcgen.config.ts`: what a project settles once for all commands. */
import type { BreakingConfig } from "./breaking/settings.js";
import type { Target } from "./compiler.js";
import { shownValue, type SettingProblem } from "./diagnostics/setting-problem.js";
import type { LintConfig } from "./lint/settings.js";
import type { SdkConfig } from "./sdk/settings.js";

/** Paths start from the folder of the configuration. What the command line says goes before. */
export interface Config {
  /** The files of commands that are given none: paths and patterns, as on the command line. */
  readonly sources?: readonly string[];
  /** Where `rpcgen generate` writes, and `rpcgen scaffold` imports from. Default: `"gen"`. */
  readonly out?: string;
  /** What `rpcgen generate` writes. Default: `["ts"]`. */
  readonly targets?: readonly Target[];
  /** The folder that outputs are laid out from. Default: the deepest folder that holds the sources of a run. */
  readonly root?: string;
  /** Whether `rpcgen generate` lays outputs out by the project's own prettier and its settings. Default: false. */
  readonly prettier?: boolean;
  /** What `rpcgen lint` looks for. */
  readonly lint?: LintConfig;
  /** What `rpcgen breaking` refuses. */
  readonly breaking?: BreakingConfig;
  /** What the package says of itself that `rpcgen sdk` makes. */
  readonly sdk?: SdkConfig;
}

/**
 * Gives a configuration its type:
 *
 * ```ts
 * import { defineConfig } from "rpcgen";
 * export default defineConfig({ sources: ["idl/*.idl"], out: "src/gen" });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}

/**
 * What is wrong with the settings of the project itself; those of a tool are its own. The configuration may come from a
 * file that nothing has checked.
 */
export function problemsOf({ sources, out, targets, root, prettier }: Config, knownTargets: readonly Target[]): SettingProblem[] {
  const folders = Object.entries({ out, root }).filter(([, value]) => value !== undefined && !isPath(value));
  return [
    ...problemsOfList("sources", sources, "paths and patterns", (item) => (isPath(item) ? undefined : `${shownValue(item)} is no path`)),
    ...folders.map(([name]) => ({ at: [name], reason: `"${name}" is not the path of a folder` })),
    ...(prettier === undefined || typeof prettier === "boolean" ? [] : [{ at: ["prettier"], reason: '"prettier" is not true or false' }]),
    ...problemsOfList("targets", targets, knownTargets.join(", "), (item) => (knownTargets.some((target) => target === item) ? undefined : `there is no target ${shownValue(item)}`)),
  ];
}

/** `problem` says what is wrong with an item. */
function problemsOfList(name: string, list: unknown, allowed: string, problem: (item: unknown) => string | undefined): SettingProblem[] {
  if (list === undefined) return [];
  if (!Array.isArray(list) || list.length === 0) return [{ at: [name], reason: `"${name}" is not a list of ${allowed}` }];
  return list.flatMap((item, index) => {
    const reason = problem(item);
    return reason === undefined ? [] : [{ at: [name, index], reason, help: `"${name}" is a list of ${allowed}` }];
  });
}

function isPath(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
