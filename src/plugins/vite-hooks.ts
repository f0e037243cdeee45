/** What Vite needs besides: where the project is, what its page loads, and which modules an edit concerns. */
import path from "node:path";
import type { EnvironmentModuleNode, Plugin } from "vite";
import type { Project } from "./project.js";

export function viteHooks(project: () => Project, moveTo: (folder: string) => void): Partial<Plugin> {
  return {
    config: () => ({
      // Only generated code imports it: found later, it would make Vite bundle anew and the page load twice.
      optimizeDeps: { include: ["@rpcgen/runtime/generated"] },
    }),
    configResolved: ({ root }) => moveTo(path.resolve(root)),
    /** Vite knows which module a file is, but not which files it was made from, least of all where it could not be made. */
    hotUpdate({ type, file, modules }) {
      if (type === "delete") project().removeGoneTypes();
      const concerned = project()
        .madeFrom(path.resolve(file))
        .flatMap((made) => [...(this.environment.moduleGraph.getModulesByFile(made.split(path.sep).join("/")) ?? [])]);
      return concerned.length === 0 ? undefined : [...new Set([...modules, ...concerned].flatMap((module) => loadedFrom(module)))];
    },
  };
}

/** Vite takes a module that never was loaded for one that no page has, also where it had errors; a page has what imports it. */
function loadedFrom(module: EnvironmentModuleNode, seen = new Set<EnvironmentModuleNode>()): EnvironmentModuleNode[] {
  if (module.isSelfAccepting !== undefined || seen.has(module)) return [module];
  seen.add(module);
  return [module, ...[...module.importers].flatMap((importer) => loadedFrom(importer, seen))];
}
