/** Reads FILES and compiles them: what `check` and `generate` have in common. */
import type { CompileResult, Target } from "../compiler.js";
import { locate, type Finding, type SourceLookup } from "../diagnostics/finding.js";
import { ExitCode } from "./exit-codes.js";
import { portablePath } from "./source-paths.js";
import { SourceReader } from "./read-sources.js";
import type { Invocation } from "./verb.js";

export interface CompiledFiles {
  readonly findings: readonly Finding[];
  readonly source: SourceLookup;
  readonly outputs: CompileResult["outputs"];
  /** What the files mean. Absent where there is an error. */
  readonly schema?: CompileResult["schema"];
  /** Every file that was read, imports included. */
  readonly files: readonly string[];
  /** OK also where there are only warnings. */
  readonly exitCode: ExitCode;
}

export async function compileFiles({ operands, options, host }: Invocation, targets: readonly Target[]): Promise<CompiledFiles> {
  const reader = new SourceReader(host, options.stdinFilename);
  const source: SourceLookup = (file) => reader.source(file);
  const read = await reader.readAll(operands);
  const findings = read.diagnostics.map((found) => locate(found, source));
  let outputs: CompileResult["outputs"] = [];
  let schema: CompileResult["schema"];
  if (read.sources.size > 0) {
    const { compile } = await import("../compile.js");
    const compiled = compile({
      sources: Object.fromEntries(read.sources),
      read: (file) => reader.readImport(file),
      targets,
      cwd: portablePath(host.cwd),
      ...(options.root !== undefined && { root: portablePath(options.root) }),
    });
    findings.push(...compiled.diagnostics);
    if (read.diagnostics.length === 0) ({ outputs, schema } = compiled);
  }
  const hasErrors = findings.some(({ severity }) => severity === "error");
  return {
    findings,
    source,
    outputs,
    schema,
    files: reader.paths,
    exitCode: read.failed ? ExitCode.USAGE : hasErrors ? ExitCode.FINDINGS : ExitCode.OK,
  };
}
