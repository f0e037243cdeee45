/** The plugin for every bundler: `import { OrdersClient } from "./orders.idl"`. */
import path from "node:path";
import { createUnplugin, type UnpluginContextMeta, type UnpluginOptions } from "unplugin";
import { setupEsbuild } from "./esbuild-setup.js";
import { checkOptions, type PluginOptions } from "./options.js";
import { Project } from "./project.js";
import { rollupLoad, rollupResolve } from "./rollup-hooks.js";
import { viteHooks } from "./vite-hooks.js";
import { markCache, type CacheOptions } from "./webpack-cache.js";
import { webpackLoad } from "./webpack-load.js";
import { webpackResolve, type WebpackCompiler } from "./webpack-resolve.js";
import { worldOf } from "./world.js";

const NAME = "rpcgen";

/** @throws TypeError if an option is wrong. */
function create(given: PluginOptions | undefined, meta: UnpluginContextMeta): UnpluginOptions {
  const options = checkOptions(given);
  switch (meta.framework) {
    case "esbuild":
      return {
        name: NAME,
        esbuild: {
          setup: (build) => setupEsbuild(build, new Project(options, worldOf(path.resolve(build.initialOptions.absWorkingDir ?? "")))),
        },
      };
    case "webpack":
    case "rspack": {
      const { compiler } = (meta.framework === "webpack" ? meta.webpack : meta.rspack) as { compiler: WebpackCompiler & { readonly options: CacheOptions } };
      webpackResolve(NAME, compiler);
      markCache(compiler.options, NAME, options);
      let project: Project | undefined;
      return {
        name: NAME,
        buildStart: () => project?.begin(),
        load: webpackLoad((fs) => (project ??= new Project(options, worldOf(compiler.context, fs)))),
      };
    }
    default: {
      let project = new Project(options, worldOf(process.cwd()));
      const own = (): Project => project;
      const moveTo = (folder: string): void => {
        if (folder !== project.world.cwd) project = new Project(options, worldOf(folder));
      };
      return {
        name: NAME,
        buildStart: () => project.begin(),
        load: rollupLoad(own),
        rollup: { resolveId: rollupResolve(own) },
        rolldown: {
          resolveId: rollupResolve(own),
          buildStart: ({ cwd }) => {
            moveTo(path.resolve(cwd));
            project.begin();
          },
        },
        vite: { ...viteHooks(own, moveTo), resolveId: rollupResolve(own) },
      };
    }
  }
}

export const plugin = createUnplugin(create);
