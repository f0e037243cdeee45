/** The six bundlers behind one face: build the two programs of a project, or say what was wrong. */
import path from "node:path";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";
import rpcgenEsbuild from "rpcgen/esbuild";
import rpcgenRolldown from "rpcgen/rolldown";
import rpcgenRollup from "rpcgen/rollup";
import rpcgenRspack from "rpcgen/rspack";
import rpcgenVite from "rpcgen/vite";
import rpcgenWebpack from "rpcgen/webpack";
import { build as viteBuild } from "vite";
import webpack from "webpack";

export interface Report {
  /** All that the user sees of it. */
  readonly text: string;
  /** Lines count from 1, columns from 0. */
  readonly place?: { readonly file?: string | undefined; readonly line: number; readonly column: number } | undefined;
}

export interface Built {
  readonly errors: readonly Report[];
  readonly warnings: readonly Report[];
}

export interface Form {
  /** webpack and Rspack leave it to that to drop what is not used. */
  readonly minify?: boolean;
  /** Leaves the runtime out of the bundle, where it has a worker beside it. */
  readonly external?: boolean;
  /** The runtime becomes a part of the bundle, as it does for browsers, also with Vite and Rolldown. */
  readonly whole?: boolean;
  /** Writes a source map beside each program. */
  readonly maps?: boolean;
}

export interface Bundler {
  readonly name: string;
  /** Writes `dist/server.js` and `dist/client.js` in the folder. */
  readonly build: (folder: string, options?: object, form?: Form) => Promise<Built>;
}

const inputs = (folder: string): Record<string, string> =>
  Object.fromEntries(["server", "client"].map((name) => [name, path.join(folder, `src/${name}.js`)]));
/** Rollup looks for no packages by itself. */
const external = [/^@rpcgen\/runtime/, /^node:/];
/** Optional packages of the runtime, loaded when they are needed. */
const optional = ["ws", "koffi"];
const output = (folder: string, { maps = false }: Form = {}) => ({ dir: path.join(folder, "dist"), format: "es" as const, entryFileNames: "[name].js", sourcemap: maps });

interface RollupLog {
  readonly message: string;
  readonly frame?: string | undefined;
  readonly loc?: { readonly file?: string | undefined; readonly line: number; readonly column: number } | undefined;
}

const fromRollup = ({ message, frame, loc }: RollupLog): Report => ({ text: `${message}\n${frame ?? ""}`, place: loc });

/** A build that throws its one error, and tells of each warning before. */
async function rollupLike(run: (warn: (log: RollupLog) => void) => Promise<void>): Promise<Built> {
  const warnings: Report[] = [];
  try {
    await run((log) => warnings.push(fromRollup(log)));
    return { errors: [], warnings };
  } catch (error) {
    // Rolldown wraps what its plugins throw.
    const { errors } = error as { errors?: RollupLog[] };
    return { errors: (errors ?? [error as RollupLog]).map(fromRollup), warnings };
  }
}

interface WebpackReport {
  readonly message: string;
  readonly moduleName?: string | undefined;
  readonly loc?: string | undefined;
}

function fromWebpack({ message, moduleName, loc }: WebpackReport): Report {
  const [, line, column] = /^(\d+):(\d+)/.exec(loc ?? "") ?? [];
  return { text: message, place: line === undefined ? undefined : { file: moduleName, line: Number(line), column: Number(column) } };
}

/** Rspack counts columns from 1 where it tells them. */
const fromOne = ({ text, place }: Report): Report => ({ text, place: place && { ...place, column: place.column - 1 } });

function webpackLike(compiler: { run: Function; close: Function }): Promise<Built> {
  return new Promise((resolve, reject) => {
    compiler.run((failure: Error | null, stats: { toJson: (options: object) => { errors?: WebpackReport[]; warnings?: WebpackReport[] } } | undefined) => {
      const { errors = [], warnings = [] } = stats?.toJson({ errors: true, warnings: true }) ?? {};
      compiler.close(() => (failure === null ? resolve({ errors: errors.map(fromWebpack), warnings: warnings.map(fromWebpack) }) : reject(failure)));
    });
  });
}

const webpackConfig = (folder: string, { minify = false, maps = false, external: isExternal = false }: Form = {}) => ({
  devtool: maps ? ("source-map" as const) : (false as const),
  context: folder,
  mode: "production" as const,
  target: "node20" as const,
  entry: inputs(folder),
  optimization: { minimize: minify },
  experiments: { outputModule: true },
  output: { path: path.join(folder, "dist"), filename: "[name].js", module: true, chunkFormat: "module" as const, library: { type: "module" as const } },
  // Optional packages of the runtime, loaded when they are needed.
  externals: [{ ws: "module ws", koffi: "module koffi" }, ...(isExternal ? [({ request = "" }: { request?: string }, done: (error?: null, to?: string) => void) => (request.startsWith("@rpcgen/runtime") ? done(null, `module ${request}`) : done())] : [])],
});

export const bundlers: readonly Bundler[] = [
  {
    name: "Vite",
    build: (folder, options, form = {}) =>
      rollupLike(async (onwarn) => {
        await viteBuild({
          root: folder,
          configFile: false,
          logLevel: "silent",
          plugins: [rpcgenVite(options)],
          ssr: form.whole === true ? { noExternal: true } : {},
          build: { ssr: true, target: "node20", minify: false, sourcemap: form.maps === true, rolldownOptions: { input: inputs(folder), external: form.whole === true ? optional : external, output: output(folder, form), onwarn: (log) => onwarn(log as RollupLog) } },
        });
      }),
  },
  {
    name: "Rollup",
    build: (folder, options, form) =>
      rollupLike(async (onwarn) => {
        // Its projects are where it is called from.
        const before = process.cwd();
        process.chdir(folder);
        try {
          const bundle = await rollup({ input: inputs(folder), external, plugins: [rpcgenRollup(options)], onwarn });
          await bundle.write(output(folder, form));
        } finally {
          process.chdir(before);
        }
      }),
  },
  {
    name: "Rolldown",
    build: (folder, options, form = {}) =>
      rollupLike(async (onwarn) => {
        const bundle = await rolldown({ cwd: folder, input: inputs(folder), platform: "node", external: form.whole === true ? optional : external, plugins: [rpcgenRolldown(options)], onwarn: (log) => onwarn(log as RollupLog) });
        await bundle.write(output(folder, form));
      }),
  },
  { name: "webpack", build: (folder, options, form) => webpackLike(webpack({ ...webpackConfig(folder, form), plugins: [rpcgenWebpack(options)] }) as never) },
  {
    name: "Rspack",
    build: async (folder, options, form) => {
      const { errors, warnings } = await webpackLike(rspack({ ...webpackConfig(folder, form), plugins: [rpcgenRspack(options)] } as never) as never);
      return { errors: errors.map(fromOne), warnings: warnings.map(fromOne) };
    },
  },
  {
    name: "esbuild",
    build: async (folder, options, { maps = false, external: isExternal = false } = {}) => {
      const report = ({ text, location, notes }: esbuild.Message): Report => ({
        text: [text, location?.lineText ?? "", ...notes.map((note) => note.text)].join("\n"),
        place: location ?? undefined,
      });
      const settings = { absWorkingDir: folder, entryPoints: inputs(folder), outdir: "dist", bundle: true, format: "esm", platform: "node", external: ["ws", "koffi", ...(isExternal ? ["@rpcgen/runtime"] : [])], logLevel: "silent", sourcemap: maps } as const;
      try {
        const { warnings } = await esbuild.build({ ...settings, plugins: [rpcgenEsbuild(options)] });
        return { errors: [], warnings: warnings.map(report) };
      } catch (error) {
        if (!(error instanceof Error && "errors" in error)) throw error;
        const { errors, warnings } = error as esbuild.BuildFailure;
        return { errors: errors.map(report), warnings: warnings.map(report) };
      }
    },
  },
];
