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
  readonly watch: (folder: string, built: OnBuilt, options?: object) => Promise<() => unknown>;
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
    watch: async (folder, built, options) => {
      const watcher = rollupWatch({ ...rollupOptions(folder), plugins: [rpcgenRollup(options)] });
      watcher.on("event", rollupEvents(built) as never);
      return () => watcher.close();
    },
  },
  {
    name: "Rolldown",
    watch: async (folder, built, options) => {
      const watcher = rolldownWatch({ ...rollupOptions(folder), cwd: folder, platform: "node", plugins: [rpcgenRolldown(options)] });
      watcher.on("event", rollupEvents(built) as never);
      return () => watcher.close();
    },
  },
  { name: "webpack", watch: async (folder, built, options) => watchWebpack(webpack({ ...webpackOptions(folder), plugins: [rpcgenWebpack(options)] }) as never, built) },
  { name: "Rspack", watch: async (folder, built, options) => watchWebpack(rspack({ ...webpackOptions(folder), plugins: [rpcgenRspack(options)] } as never) as never, built) },
  {
    name: "esbuild",
    watch: async (folder, built, options) => {
      const tell = { name: "tell", setup: (build: esbuild.PluginBuild) => build.onEnd(({ errors }) => built(errors.length === 0 ? undefined : errors.map(({ text }) => text).join("\n"))) };
      const settings = { absWorkingDir: folder, entryPoints: ["src/main.js"], outdir: "dist", bundle: true, format: "esm", platform: "node", external: ["ws", "koffi"], logLevel: "silent" } as const;
      const context = await esbuild.context({ ...settings, plugins: [rpcgenEsbuild(options), tell] });
      await context.watch();
      return () => context.dispose();
    },
  },
];

const main = `import { LIMIT, OrderCodec } from "./shop.idl";
const { price } = OrderCodec.decode(OrderCodec.encode({ id: "a", price: { cents: 1n }, items: [] }));
console.log("limit " + LIMIT + ", currency " + price.currency);
`;

/** A watch of a new project, which tells of itself when it is built, or not. */
async function watched(watch: Watcher["watch"], files: Readonly<Record<string, string>> = {}, options: (folder: string) => object = () => ({})) {
  const project = new TestProject();
  for (const [file, text] of Object.entries({ "src/main.js": main, ...files })) project.write(file, text);
  let last: { readonly error: string | undefined } | undefined;
  const close = await watch(project.folder, (error) => (last = { error }), options(project.folder));
  onTestFinished(async () => void (await close()));
  return {
    project,
    /** The program says so. */
    tells: (line: string): Promise<void> =>
      expect.poll(async () => (last !== undefined && last.error === undefined && project.has("dist/main.js") ? (await project.firstLine("dist/main.js")).line : last?.error), { timeout: 20_000, interval: 300 }).toBe(line),
    /** The build says so. */
    fails: (part: string): Promise<void> => expect.poll(() => last?.error ?? "", { timeout: 20_000 }).toContain(part),
  };
}

describe.each(watchers)("$name", ({ watch }) => {
  test("builds anew what an edit concerns, and goes on after a mistake", async () => {
    const { project, tells, fails } = await watched(watch);
    await tells("limit 3, currency 0");
    project.edit("src/shop.idl", "LIMIT: u32 = 3", "LIMIT: u32 = 4");
    await tells("limit 4, currency 0");
    project.edit("src/shared/money.idl", "@default(Currency.EUR)", "@default(Currency.USD)");
    await tells("limit 4, currency 1");
    project.edit("src/shared/money.idl", "cents: u64", "cents: u63");
    await fails('There is no type "u63"');
    project.edit("src/shared/money.idl", "cents: u63", "cents: u64");
    await tells("limit 4, currency 1");
  });

  test("follows a file that is renamed, and takes its types along", async () => {
    const { project, tells, fails } = await watched(watch);
    await tells("limit 3, currency 0");
    expect(project.has("src/shop.idl.d.ts")).toBe(true);
    project.move("src/shop.idl", project.at("src/store.idl"));
    await fails("shop.idl");
    expect(project.has("src/shop.idl.d.ts")).toBe(false);
    project.edit("src/main.js", "./shop.idl", "./store.idl");
    await tells("limit 3, currency 0");
    expect(project.has("src/store.idl.d.ts")).toBe(true);
    expect(project.has("src/shared/money.idl.d.ts")).toBe(true);
  });

  test("follows the configuration, and goes on after a mistake in it", async () => {
    const config = (severity: string): string => `export default { lint: { sets: [], rules: { "comment-type": "${severity}" } } };\n`;
    const { project, tells, fails } = await watched(watch, { "rpcgen.config.mjs": config("off") }, (folder) => ({ lint: true, config: path.join(folder, "rpcgen.config.mjs") }));
    await tells("limit 3, currency 0");
    project.write("rpcgen.config.mjs", config("error"));
    await fails("has no documentation");
    project.write("rpcgen.config.mjs", "export default { lnt: {} };\n");
    await fails('"lnt" is no setting');
    project.edit("src/shop.idl", "LIMIT: u32 = 3", "LIMIT: u32 = 5");
    project.write("rpcgen.config.mjs", config("off"));
    await tells("limit 5, currency 0");
  });
});
