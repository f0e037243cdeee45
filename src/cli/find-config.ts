/** Finds the configuration of a project, upward from the working folder, and loads it. */
import path from "node:path";
import type { Config } from "../config.js";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Host } from "./host.js";
import { portablePath } from "./source-paths.js";

const NAMES = ["rpcgen.config.ts", "rpcgen.config.mts", "rpcgen.config.js", "rpcgen.config.mjs"];

export interface FoundConfig {
  readonly config: Config;
  /** Absolute: what patterns in the configuration start from. */
  readonly folder: string;
  /** As a person would type it; absent where there is none. */
  readonly path?: string;
}

/** What finding takes of a host. */
export type ConfigWorld = Pick<Host, "cwd" | "fs" | "loadModule">;

/** The diagnostic says what is wrong with the file. `asked` is what the command line names. */
export async function findConfig(host: ConfigWorld, asked: string | undefined): Promise<FoundConfig | { readonly diagnostic: Diagnostic }> {
  const file = asked === undefined ? nearest(host) : path.resolve(host.cwd, asked);
  if (file === undefined) return { config: {}, folder: host.cwd };
  const shown = portablePath(path.relative(host.cwd, file));
  const wrong = (reason: string, help?: string) => ({ diagnostic: configProblem(shown, reason, help) });
  if (!host.fs.existsSync(file)) return wrong("there is no such file");
  let loaded: unknown;
  try {
    loaded = await host.loadModule(file);
  } catch (error) {
    const isForeign = error instanceof Error && error.name === "NoTypeScript";
    return wrong(error instanceof Error ? error.message : String(error), isForeign ? "install tsx, use Node.js 22.18 or later, or write it in JavaScript" : undefined);
  }
  const config = defaultOf(loaded);
  if (typeof config !== "object" || config === null || Array.isArray(config)) return wrong("its default export is no object", "export default defineConfig({ … })");
  const unknown = Object.keys(config).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) return wrong(`"${unknown}" is no setting; there are ${[...KNOWN].join(", ")}`);
  return { config, folder: path.dirname(file), path: shown };
}

const KNOWN = new Set(["lint", "breaking", "sdk"] satisfies (keyof Config)[] as string[]);

export function configProblem(shown: string, reason: string, help?: string): Diagnostic {
  return diagnostic("RPC7017", { file: shown, start: 0, end: 0 }, { path: shown, reason, help });
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
