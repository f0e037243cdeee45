/** `import { lint } from "rpcgen"`: the rules over sources, as a library. */
import { check } from "./checker/check.js";
import { normalisePath } from "./checker/import-paths.js";
import { loadProgram, type ReadSource } from "./checker/load-program.js";
import { Collector } from "./diagnostics/collector.js";
import { locate, type Finding } from "./diagnostics/finding.js";
import { settingsError } from "./diagnostics/setting-problem.js";
import { SchemaIndex } from "./ir/schema-index.js";
import { lint as lintProgram } from "./lint/lint.js";
import { LintProgram } from "./lint/program.js";
import { lintRules } from "./lint/rules.js";
import { LintSettings, problemsOf, type LintConfig } from "./lint/settings.js";
import { parse } from "./parser/parse.js";

export interface LintFilesOptions {
  /** Source texts by path. */
  readonly sources: Readonly<Record<string, string>>;
  /** Gives the text of an import that `sources` does not have. */
  readonly read?: ReadSource;
  readonly config?: LintConfig;
  /** How the configuration's patterns call a file. Default: its path. */
  readonly pathOf?: (path: string) => string;
}

export interface LintResult {
  /** Where the sources have errors, these; else what the rules find, by file and place. */
  readonly diagnostics: readonly Finding[];
  /** Whether the rules were run. */
  readonly isChecked: boolean;
}

/** @throws TypeError if the configuration is wrong. */
export function lint({ sources, read, config = {}, pathOf = (path) => path }: LintFilesOptions): LintResult {
  const problems = problemsOf(config, Object.values(lintRules));
  if (problems.length > 0) throw settingsError(problems);
  const texts = new Map(Object.entries(sources).map(([path, text]) => [normalisePath(path), text]));
  const loaded = loadProgram([...texts.keys()], (path) => texts.get(path) ?? read?.(path), parse);
  const { schema, diagnostics } = check(loaded.program);
  const found = new Collector();
  found.add(loaded.diagnostics);
  found.add(diagnostics);
  const isChecked = schema !== undefined && !found.hasErrors;
  if (isChecked) {
    const files = loaded.program.files.map(({ node, path }, at) => {
      const source = loaded.sources.get(path);
      const meaning = schema.files[at];
      if (source === undefined || meaning === undefined) throw new Error(`"${path}" is not in the schema`);
      return { source, node, schema: meaning, isRoot: texts.has(path) };
    });
    found.add(lintProgram(new LintProgram(files, new SchemaIndex(schema)), { settings: new LintSettings(config), pathOf }));
  }
  return { diagnostics: found.sorted().map((each) => locate(each, (path) => loaded.sources.get(path))), isChecked };
}
