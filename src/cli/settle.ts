/** What a command line leaves out, taken from the configuration of the project. */
import path from "node:path";
import { findConfig, type FoundConfig, type RefusedConfig } from "./find-config.js";
import type { Host } from "./host.js";
import { portablePath } from "./source-paths.js";
import type { Options, Verb } from "./verb.js";

export interface CommandLine {
  readonly operands: readonly string[];
  readonly options: Options;
  /** Whether an option was written, and does not only have its default. */
  readonly isGiven: (option: keyof Options) => boolean;
}

/** The configuration is looked for only where something was left out that it may hold. */
export async function settle({ settings = {} }: Verb, { operands, options, isGiven }: CommandLine, host: Host): Promise<Pick<CommandLine, "operands" | "options"> | RefusedConfig> {
  const { sources, ...others } = settings;
  const open = Object.entries(others).filter(([, option]) => !isGiven(option));
  const takesSources = sources !== undefined && operands.length === 0;
  if (open.length === 0 && !takesSources) return { operands, options };
  const found = await findConfig(host, options.config);
  if ("findings" in found) return found;
  const values = fromHere(found, host);
  const taken = open.flatMap(([setting, option]) => {
    const value = values[setting as keyof typeof others];
    return value === undefined ? [] : [[option, value]];
  });
  return { operands: takesSources ? (values.sources ?? []) : operands, options: { ...options, ...Object.fromEntries(taken) } };
}

/** The settings with paths that start from the working folder, as those of a command line do. */
function fromHere({ config: { sources, out, targets, root, prettier }, folder }: FoundConfig, { cwd }: Host) {
  const here = path.relative(cwd, folder);
  const moved = (file: string) => (path.isAbsolute(file) ? file : portablePath(path.join(here, file)));
  // A folder on the way may have a name that looks like a pattern.
  const before = here.replace(/[*?[\]{}()!@+\\]/g, "\\$&");
  const movedSource = (pattern: string) => (path.isAbsolute(pattern) || here === "" ? pattern : portablePath(path.join(before, pattern)));
  return { sources: sources?.map(movedSource), out: out && moved(out), targets, root: root && moved(root), prettier: prettier || undefined };
}
