/** What every bundler is given of a module: JavaScript, the files to watch, and what was found. */
import type { Finding } from "../diagnostics/finding.js";
import { stripTypes } from "../emit/typescript/strip-types.js";
import { isError, type CompiledSource } from "./compile-source.js";
import { lineMap, type LineMap } from "./line-map.js";
import type { ModuleId } from "./module-id.js";
import type { Project } from "./project.js";
import { writeTypes } from "./write-types.js";

export interface Loaded {
  /** Undefined where there are errors. */
  readonly made: { readonly code: string; readonly map: LineMap } | undefined;
  readonly compiled: CompiledSource;
  /** Absolute paths. */
  readonly watched: readonly string[];
  /** To be told with the module that people import, and with no other of its file. */
  readonly warnings: readonly Finding[];
  /** What could not be done, and does not keep the module from being what it should be. */
  readonly remarks: readonly string[];
}

export async function load(project: Project, asked: ModuleId): Promise<Loaded> {
  const compiled = await project.compiled(asked.file);
  const isMain = asked.kind === "";
  const { types } = project;
  // Those of lint leave a module that could be made.
  const text = compiled.findings.some(isError) ? undefined : compiled.modules.get(asked.kind);
  return {
    made: text === undefined ? undefined : { code: stripTypes(text), map: lineMap(asked, text) },
    compiled,
    watched: [...compiled.inputs.keys()],
    warnings: isMain ? compiled.findings.filter((finding) => !isError(finding)) : [],
    remarks: isMain && types !== false ? writeTypes(compiled.declarations, types) : [],
  };
}
