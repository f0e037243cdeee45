/** `import { lint } from "rpcgen"`: the rules over sources, as a library. */
import { check } from "./checker/check.js";
import { normalisePath } from "./checker/import-paths.js";
import { loadProgram, type ReadSource } from "./checker/load-program.js";
import { Collector } from "./diagnostics/collector.js";
import { locate, type Finding } from "./diagnostics/finding.js";
import { settingsError } from "./diagnostics/setting-problem.js";
import { TakenNames } from "./emit/typescript/taken-names.js";
import { SchemaIndex } from "./ir/schema-index.js";
import type { Declaration, EnumMember, Field, Method, SchemaFile } from "./ir/schema.js";
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
    const index = new SchemaIndex(schema);
    found.add(lintProgram(new LintProgram(files, index, roomInTypescript(index)), { settings: new LintSettings(config), pathOf }));
  }
  return { diagnostics: found.sorted().map((each) => locate(each, (path) => loaded.sources.get(path))), isChecked };
}

/** What `generate` would take: it refuses names, and `check` does not. */
function roomInTypescript(index: SchemaIndex): LintProgram["hasRoom"] {
  const files = new Map<SchemaFile, TakenNames>();
  return (subject, to) => {
    const { schema } = subject.file;
    const taken = files.get(schema) ?? new TakenNames(index, schema);
    files.set(schema, taken);
    switch (subject.kind) {
      case "method":
        return taken.forMethod(subject.service, subject.meaning, to);
      case "enumMember":
        return taken.forMember(membersOf(subject.owner.meaning), subject.meaning, to);
      case "field":
      case "structField":
      case "unionMember":
      case "parameter": {
        const { meaning } = subject.owner;
        return taken.forMember(membersOf(meaning), subject.meaning, to, "kind" in meaning && meaning.kind === "error" ? meaning : undefined);
      }
      default:
        return taken.forDeclaration(subject.meaning, to);
    }
  };
}

function membersOf(owner: Declaration | Method): readonly (Field | EnumMember)[] {
  if ("path" in owner) return owner.parameters.kind === "fields" ? owner.parameters.fields : [];
  if ("members" in owner) return owner.members;
  return "fields" in owner ? owner.fields : [];
}
