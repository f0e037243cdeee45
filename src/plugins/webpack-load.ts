/** The hook of webpack and Rspack, which take several errors of a module, each with its place. */
import type { UnpluginBuildContext, UnpluginContext, UnpluginOptions } from "unplugin";
import type { Finding } from "../diagnostics/finding.js";
import { isError, type CompiledSource } from "./compile-source.js";
import { load } from "./load.js";
import { readModuleId } from "./module-id.js";
import type { Project } from "./project.js";
import { absoluteFile, lineOf, renderPlain, throwing } from "./reports.js";
import { fileSystemOf, type World } from "./world.js";

/** `projectOf` is given the file system of the bundler. */
export function webpackLoad(projectOf: (fs: World["fs"]) => Project): UnpluginOptions["load"] {
  return {
    filter: { id: /\.idl(?:\?|$)/ },
    async handler(id) {
      const asked = readModuleId(id);
      if (asked === undefined) return null;
      const loader = loaderContextOf(this);
      const project = projectOf(fileSystemOf(loader.fs));
      const { made, compiled, watched, warnings, remarks } = await load(project, asked);
      for (const file of watched) this.addWatchFile(file);
      for (const remark of remarks) this.warn(remark);
      const errors = compiled.findings.filter(isError);
      for (const finding of project.untold([...errors, ...warnings])) report(finding, compiled, loader, { module: asked.file, world: project.world });
      return made ?? throwing(compiled);
    },
  };
}

/** The line of source and the one with its marks. */
const FRAME_LINES = 2;

interface PlacedError extends Error {
  loc?: { readonly start: Position; readonly end: Position };
  file?: string;
  hideStack?: boolean;
}

interface Position {
  readonly line: number;
  /** From 0. */
  readonly column: number;
}

/** What is used of the context of loaders. */
interface LoaderContext {
  readonly fs?: unknown;
  /** webpack's. */
  readonly _module?: { addError?: (error: Error) => void; addWarning?: (error: Error) => void };
  /** Rspack's. */
  readonly experiments?: { readonly emitDiagnostic?: (diagnostic: object) => void };
  emitError(error: Error): void;
  emitWarning(error: Error): void;
}

function loaderContextOf(context: UnpluginBuildContext & UnpluginContext): LoaderContext {
  const native = context.getNativeBuildContext?.();
  if (native === undefined || !("loaderContext" in native)) throw new Error("unplugin gave no context of a loader");
  return native.loaderContext as unknown as LoaderContext;
}

interface Where {
  /** The file of the module, absolute. */
  readonly module: string;
  readonly world: World;
}

/** An error that a loader emits has the place of the loader. One that is added to webpack's module keeps its own; for Rspack there is a form of its own. */
function report(finding: Finding, compiled: CompiledSource, loader: LoaderContext, where: Where): void {
  const severity = isError(finding) ? "Error" : "Warning";
  const add = loader._module?.[`add${severity}`];
  if (add !== undefined) add.call(loader._module, placedError(finding, compiled, where));
  else if (loader.experiments?.emitDiagnostic !== undefined) loader.experiments.emitDiagnostic(diagnosticOf(finding, compiled, where));
  else loader[`emit${severity}`](placedError(finding, compiled, where));
}

function placedError(finding: Finding, compiled: CompiledSource, { module, world }: Where): PlacedError {
  const error: PlacedError = new Error(renderPlain(finding, compiled));
  error.name = isError(finding) ? "RpcgenError" : "RpcgenWarning";
  error.stack = "";
  error.hideStack = true;
  error.file = absoluteFile(finding, world);
  // Shown behind the name of the module, so only where it is the module's own.
  if (error.file === module) {
    error.loc = { start: { line: finding.line, column: finding.column - 1 }, end: { line: finding.endLine, column: finding.endColumn - 1 } };
  }
  return error;
}

/** Rspack draws the frame of the finding itself, below the notes. */
function diagnosticOf(finding: Finding, compiled: CompiledSource, { world }: Where): object {
  const line = lineOf(finding, compiled);
  const [title = "", ...rest] = renderPlain(finding, compiled).split("\n");
  return {
    message: [title, ...rest.slice(line === undefined ? 0 : FRAME_LINES)].join("\n"),
    file: absoluteFile(finding, world),
    severity: isError(finding) ? "error" : "warning",
    ...(line !== undefined && {
      sourceCode: compiled.source(finding.file)?.text,
      location: { line: finding.line, column: line.column, length: line.length },
    }),
  };
}
