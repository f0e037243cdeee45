/** `import { breaking } from "rpcgen"`: what breaks between two versions of sources, as a library. */
import { breaking as compareSchemas } from "./breaking/breaking.js";
import type { Step } from "./breaking/rule.js";
import { breakingRules } from "./breaking/rules.js";
import { problemsOf, type BreakingConfig } from "./breaking/settings.js";
import { compile } from "./compile.js";
import type { ReadSource } from "./checker/load-program.js";
import { locate, type Finding } from "./diagnostics/finding.js";
import { settingsError } from "./diagnostics/setting-problem.js";
import { SourceFile } from "./text/source-file.js";

export interface Version {
  /** Source texts by path. Paths of both versions start from the same place, or what moved could not be told. */
  readonly sources: Readonly<Record<string, string>>;
  /** Gives the text of an import that `sources` does not have. */
  readonly read?: ReadSource;
}

export interface BreakingOptions {
  readonly before: Version;
  readonly after: Version;
  readonly config?: BreakingConfig;
  /** What findings call a file of the older version. Default: its path behind "old:". */
  readonly oldFile?: (path: string) => string;
}

export interface BreakingResult {
  /** Where one of the versions has errors, these; else what changed, by file and place. */
  readonly diagnostics: readonly Finding[];
  /** The step that semantic versioning asks for. Absent where nothing changed, and where the versions could not be compared. */
  readonly semver?: Step;
  readonly isCompared: boolean;
}

/** @throws TypeError if the configuration is wrong. */
export function breaking({ before, after, config = {}, oldFile = (path) => `old:${path}` }: BreakingOptions): BreakingResult {
  const problems = problemsOf(config, Object.values(breakingRules));
  if (problems.length > 0) throw settingsError(problems);
  const texts = new Map<string, SourceFile>();
  const load = (version: Version, name: (path: string) => string) => {
    const remember = (path: string, text: ReturnType<ReadSource>) => {
      if (typeof text === "string") texts.set(name(path), new SourceFile(name(path), text));
      return text;
    };
    for (const [path, text] of Object.entries(version.sources)) remember(path, text);
    return compile({ sources: version.sources, read: (path) => remember(path, version.read?.(path)), targets: [] });
  };
  const [old, fresh] = [load(before, oldFile), load(after, (path) => path)];
  if (old.schema === undefined || fresh.schema === undefined) {
    const renamed = old.diagnostics.map(({ related, ...found }) => ({
      ...found,
      file: oldFile(found.file),
      ...(related !== undefined && { related: related.map((place) => ({ ...place, file: oldFile(place.file) })) }),
    }));
    return { diagnostics: [...fresh.diagnostics, ...renamed].filter(({ severity }) => severity === "error"), isCompared: false };
  }
  const { diagnostics, semver } = compareSchemas(old.schema, fresh.schema, config, oldFile);
  const located = diagnostics.map((found) => locate(found, (path) => texts.get(path)));
  return { diagnostics: located.sort(byPlace), isCompared: true, ...(semver !== undefined && { semver }) };
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
