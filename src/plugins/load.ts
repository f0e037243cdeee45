/** What every bundler is given of a module: JavaScript, the files to watch, and what was found. */
import type { Finding } from "../diagnostics/finding.js";
import { isError, type CompiledSource } from "./compile-source.js";
import type { ModuleId } from "./module-id.js";
import type { Project } from "./project.js";
import { stripTypes } from "../emit/typescript/strip-types.js";
import { writeTypes } from "./write-types.js";

export interface Loaded {
  /** Undefined where there are errors. */
  readonly code: string | undefined;
  readonly compiled: CompiledSource;
  /** Absolute paths. */
  readonly watched: readonly string[];
  /** To be told with the module that people import, and with no other of its file. */
  readonly warnings: readonly Finding[];
  /** What could not be done, and does not keep the module from being what it should be. */
  readonly remarks: readonly string[];
}

export async function load(project: Project, { file, kind }: ModuleId): Promise<Loaded> {
  const compiled = await project.compiled(file);
  const isMain = kind === "";
  const { types = "beside" } = project.options;
  const text = compiled.modules.get(kind);
  return {
    // Where lint found errors, there would be one.
    code: text === undefined || compiled.findings.some(isError) ? undefined : stripTypes(text),
    compiled,
    watched: [...compiled.inputs.keys()],
    warnings: isMain ? compiled.findings.filter((finding) => !isError(finding)) : [],
    remarks: isMain && types !== false ? writeTypes(compiled.declarations, types) : [],
  };
}
