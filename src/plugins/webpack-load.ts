/** The hook of webpack and Rspack, which take several errors of a module, each with its place. */
import type { UnpluginBuildContext, UnpluginContext, UnpluginOptions } from "unplugin";
import type { Finding } from "../diagnostics/finding.js";
import { isError, type CompiledSource } from "./compile-source.js";
import { load } from "./load.js";
import { readModuleId } from "./module-id.js";
import type { Project } from "./project.js";
import { absoluteFile, renderPlain } from "./reports.js";
import { fileSystemOf, type World } from "./world.js";

/** `projectOf` is given the file system of the bundler. */
export function webpackLoad(projectOf: (fs: World["fs"]) => Project): UnpluginOptions["load"] {
  return {
    filter: { id: /\.idl(?:\?|$)/ },
    async handler(id) {
      const asked = readModuleId(id);
      if (asked === undefined) return null;
      const loader = loaderContextOf(this);
      const project = projectOf(fileSystemOf(loader?.fs));
      const { code, compiled, watched, warnings, remarks } = await load(project, asked);
      for (const file of watched) this.addWatchFile(file);
      for (const finding of warnings) report(loader, "Warning", errorOf(finding, compiled, asked.file, project.world));
      for (const remark of remarks) this.warn(remark);
      for (const finding of compiled.findings.filter(isError)) report(loader, "Error", errorOf(finding, compiled, asked.file, project.world));
      // Not a module of ECMAScript, so that nobody is told of names that it does not export besides.
      return code ?? `throw new Error(${JSON.stringify(`${compiled.findings.filter(isError).map((finding) => renderPlain(finding, compiled)).join("\n")}`)});`;
    },
  };
}

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

/** What is used of the context of loaders, which both have. */
interface LoaderContext {
  readonly fs?: unknown;
  readonly _module?: { addError?: (error: Error) => void; addWarning?: (error: Error) => void };
  emitError(error: Error): void;
  emitWarning(error: Error): void;
}

function loaderContextOf(context: UnpluginBuildContext & UnpluginContext): LoaderContext | undefined {
  const native = context.getNativeBuildContext?.();
  return native !== undefined && "loaderContext" in native ? (native.loaderContext as LoaderContext | undefined) : undefined;
}

/** webpack gives an error that a loader emits the place of the loader; only one that is added to the module keeps its own. */
function report(loader: LoaderContext | undefined, kind: "Error" | "Warning", error: PlacedError): void {
  if (loader === undefined) throw error;
  const add = loader._module?.[`add${kind}`];
  if (add !== undefined) add.call(loader._module, error);
  else loader[`emit${kind}`](error);
}

function errorOf(finding: Finding, compiled: CompiledSource, file: string, world: World): PlacedError {
  const error: PlacedError = new Error(renderPlain(finding, compiled));
  error.name = isError(finding) ? "RpcgenError" : "RpcgenWarning";
  error.stack = "";
  error.hideStack = true;
  error.file = absoluteFile(finding, world);
  // Shown behind the name of the module, so only where it is the module's own.
  if (error.file === file) {
    error.loc = { start: { line: finding.line, column: finding.column - 1 }, end: { line: finding.endLine, column: finding.endColumn - 1 } };
  }
  return error;
}
