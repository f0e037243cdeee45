/** The hooks of Rollup, Rolldown and Vite. */
import path from "node:path";
import type { UnpluginOptions } from "unplugin";
import { load } from "./load.js";
import { readModuleId } from "./module-id.js";
import type { Project } from "./project.js";
import { allErrors, rollupReport } from "./reports.js";

export function rollupLoad(project: () => Project): UnpluginOptions["load"] {
  return {
    filter: { id: /\.idl(?:\?|$)/ },
    async handler(id) {
      const asked = readModuleId(id);
      if (asked === undefined) return null;
      const { world } = project();
      const loaded = await load(project(), asked);
      for (const file of loaded.watched) this.addWatchFile(file);
      for (const finding of loaded.warnings) this.warn(withFrame(rollupReport(finding, loaded.compiled, world)));
      for (const remark of loaded.remarks) this.warn(remark);
      if (loaded.code !== undefined) return { code: loaded.code, map: { mappings: "" }, moduleSideEffects: false };
      const error = allErrors(loaded.compiled, world);
      if (error === undefined) throw new Error(`${id} is no module of a file of rpcgen's`);
      return this.error(error);
    },
  };
}

/** Warnings are printed by their message alone. */
function withFrame(report: ReturnType<typeof rollupReport>): ReturnType<typeof rollupReport> {
  return { ...report, message: [report.message, report.frame].join("\n") };
}

/** Rollup finds files by their names alone, not with a query behind them. */
export function resolveModule(source: string, importer: string | undefined): string | null {
  const asked = source.startsWith(".") && importer !== undefined ? readModuleId(source) : undefined;
  if (asked === undefined || asked.kind === "") return null;
  return path.resolve(path.dirname(importer?.replace(/\?.*$/, "") ?? ""), source);
}
