/** The hooks of Rollup, Rolldown and Vite. */
import path from "node:path";
import type { UnpluginOptions } from "unplugin";
import { isError, type CompiledSource } from "./compile-source.js";
import { runtimeFolder } from "./find-runtime.js";
import { load } from "./load.js";
import { readModuleId } from "./module-id.js";
import type { Project } from "./project.js";
import { allErrors, rollupReport, toldAbove } from "./reports.js";

export function rollupLoad(project: () => Project): UnpluginOptions["load"] {
  return {
    filter: { id: /\.idl(?:\?|$)/ },
    async handler(id) {
      const asked = readModuleId(id);
      if (asked === undefined) return null;
      const { world } = project();
      const isServer = isDevelopmentServer(this);
      const loaded = await load(project(), asked);
      for (const file of isServer && loaded.made !== undefined ? presentOf(loaded.compiled) : loaded.watched) this.addWatchFile(file);
      for (const finding of loaded.warnings) {
        const report = rollupReport(finding, loaded.compiled, world);
        this.warn(isServer ? report : withFrame(report));
      }
      for (const remark of loaded.remarks) this.warn(remark);
      if (loaded.made !== undefined) return { ...loaded.made, moduleSideEffects: false };
      const errors = loaded.compiled.findings.filter(isError);
      if (errors.length === 0) throw new Error(`${id} is no module that rpcgen makes`);
      // A server shows the errors of each page anew; a build lists those of all files.
      const untold = isServer ? errors : project().untold(errors);
      return this.error(untold.length === 0 ? toldAbove(asked.file, world) : allErrors(untold, loaded.compiled, world));
    },
  };
}

/** Whether Vite serves, and does not build. */
function isDevelopmentServer(context: object): boolean {
  return "environment" in context && (context.environment as { readonly mode?: string }).mode === "dev";
}

/** Where it serves, Vite takes what is watched for imports, and refuses a module with one that is not there. What comes in the project's folder it sees anyway. */
function presentOf({ inputs }: CompiledSource): string[] {
  return [...inputs].flatMap(([file, text]) => (text === undefined ? [] : [file]));
}

/** Builds print warnings by their message alone. */
function withFrame(report: ReturnType<typeof rollupReport>): ReturnType<typeof rollupReport> {
  return { ...report, message: [report.message, report.frame].join("\n") };
}

/** What is used of the context of a hook; what is resolved is the bundler's own. */
interface Resolving<Resolved> {
  resolve(source: string, importer: string, options: { readonly skipSelf: boolean }): Promise<Resolved>;
}

export function rollupResolve(project: () => Project) {
  return function <Resolved>(this: Resolving<Resolved>, source: string, importer: string | undefined): Promise<Resolved> | string | null {
    const folder = runtimeFolder(source, importer, project().world.cwd);
    if (folder !== undefined) return this.resolve(source, path.join(folder, "index.js"), { skipSelf: true });
    return resolveModule(source, importer);
  };
}

/** Rollup finds files by their names alone, not with a query behind them. */
export function resolveModule(source: string, importer: string | undefined): string | null {
  const asked = source.startsWith(".") && importer !== undefined ? readModuleId(source) : undefined;
  if (asked === undefined || asked.kind === "") return null;
  return path.resolve(path.dirname(importer?.replace(/\?.*$/, "") ?? ""), source);
}
