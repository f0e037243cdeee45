/** Watching, with each bundler: an edited .idl, or one that it imports, builds anew; a mistake and its mending, too. */
import path from "node:path";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import { watch as rolldownWatch } from "rolldown";
import { watch as rollupWatch } from "rollup";
import rpcgenEsbuild from "rpcgen/esbuild";
import rpcgenRolldown from "rpcgen/rolldown";
import rpcgenRollup from "rpcgen/rollup";
import rpcgenRspack from "rpcgen/rspack";
import rpcgenWebpack from "rpcgen/webpack";
import { describe, expect, onTestFinished, test } from "vitest";
import webpack from "webpack";
import { TestProject } from "./project.js";

/** Called with what was wrong, or undefined, after each build. */
type OnBuilt = (error: string | undefined) => void;

interface Watcher {
  readonly name: string;
  /** Watches `src/main.js` and writes `dist/main.js`. Returns what ends it. */
  readonly watch: (folder: string, built: OnBuilt) => Promise<() => unknown>;
}

interface RollupEvent {
  readonly code: string;
  readonly error?: { readonly message: string };
  readonly result?: { close: () => Promise<void> };
}

function rollupEvents(built: OnBuilt): (event: RollupEvent) => void {
  return (event) => {
    if (event.code === "ERROR") built(event.error?.message ?? "?");
    if (event.code === "BUNDLE_END") built(undefined);
    void event.result?.close();
  };
}

const rollupOptions = (folder: string) => ({
  input: path.join(folder, "src/main.js"),
  external: [/^@rpcgen/],
  output: { dir: path.join(folder, "dist"), entryFileNames: "main.js" },
});

const webpackOptions = (folder: string) => ({
  context: folder,
  mode: "development" as const,
  devtool: false as const,
  target: "node20" as const,
  entry: "./src/main.js",
  output: { path: path.join(folder, "dist"), filename: "main.js" },
  externals: { ws: "commonjs ws", koffi: "commonjs koffi" },
});

interface WebpackLike {
  watch: (options: object, handler: (failure: unknown, stats: { hasErrors: () => boolean; toString: () => string } | undefined) => void) => { close: (done: () => void) => void } | undefined;
}

function watchWebpack(compiler: WebpackLike, built: OnBuilt): () => Promise<void> {
  const watching = compiler.watch({ aggregateTimeout: 20 }, (_, stats) => built(stats?.hasErrors() ? stats.toString() : undefined));
  return () => new Promise((resolve) => watching?.close(resolve));
}

const watchers: readonly Watcher[] = [
  {
    name: "Rollup",
    watch: async (folder, built) => {
      const watcher = rollupWatch({ ...rollupOptions(folder), plugins: [rpcgenRollup()] });
      watcher.on("event", rollupEvents(built) as never);
      return () => watcher.close();
    },
  },
  {
    name: "Rolldown",
    watch: async (folder, built) => {
      const watcher = rolldownWatch({ ...rollupOptions(folder), cwd: folder, platform: "node", plugins: [rpcgenRolldown()] });
      watcher.on("event", rollupEvents(built) as never);
      return () => watcher.close();
    },
  },
  { name: "webpack", watch: async (folder, built) => watchWebpack(webpack({ ...webpackOptions(folder), plugins: [rpcgenWebpack()] }) as never, built) },
  { name: "Rspack", watch: async (folder, built) => watchWebpack(rspack({ ...webpackOptions(folder), plugins: [rpcgenRspack()] } as never) as never, built) },
  {
    name: "esbuild",
    watch: async (folder, built) => {
      const tell = { name: "tell", setup: (build: esbuild.PluginBuild) => build.onEnd(({ errors }) => built(errors.length === 0 ? undefined : errors.map(({ text }) => text).join("\n"))) };
      const settings = { absWorkingDir: folder, entryPoints: ["src/main.js"], outdir: "dist", bundle: true, format: "esm", platform: "node", external: ["ws", "koffi"], logLevel: "silent" } as const;
      const context = await esbuild.context({ ...settings, plugins: [rpcgenEsbuild(), tell] });
      await context.watch();
      return () => context.dispose();
    },
  },
];

const main = `import { LIMIT, OrderCodec } from "./shop.idl";
const { price } = OrderCodec.decode(OrderCodec.encode({ id: "a", price: { cents: 1n }, items: [] }));
console.log("limit " + LIMIT + ", currency " + price.currency);
`;

describe.each(watchers)("$name", ({ watch }) => {
  test("builds anew what an edit concerns, and goes on after a mistake", async () => {
    const project = new TestProject();
    project.write("src/main.js", main);
    let last: { readonly error: string | undefined } | undefined;
    const close = await watch(project.folder, (error) => (last = { error }));
    onTestFinished(async () => void (await close()));
    const tells = (line: string): Promise<void> =>
      expect.poll(async () => (last !== undefined && last.error === undefined && project.has("dist/main.js") ? (await project.firstLine("dist/main.js")).line : last?.error), { timeout: 20_000, interval: 300 }).toBe(line);

    await tells("limit 3, currency 0");
    project.edit("src/shop.idl", "LIMIT: u32 = 3", "LIMIT: u32 = 4");
    await tells("limit 4, currency 0");
    project.edit("src/shared/money.idl", "@default(Currency.EUR)", "@default(Currency.USD)");
    await tells("limit 4, currency 1");
    project.edit("src/shared/money.idl", "cents: u64", "cents: u63");
    await expect.poll(() => last?.error ?? "", { timeout: 20_000 }).toContain('There is no type "u63"');
    project.edit("src/shared/money.idl", "cents: u63", "cents: u64");
    await tells("limit 4, currency 1");
  });
});
