/**
 * `npm run build`: bundles the command line and the library into dist/, and compiles the runtime into runtime/dist/.
 * With `--if-stale` only if a source changed since.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The bundlers that have a plugin, each an export of the package. */
const PLUGINS = ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild"];

/**
 * Bundles into `outdir`. Everything is bundled in but prettier, ts-morph and fast-check, which are large, rarely needed
 * and loaded only then, the runtime, of which there must be one, and unplugin, whose loaders webpack looks for beside it; what a command does
 * not need stands in a chunk that it does not load.
 */
export async function bundle(outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: {
      cli: "src/cli/main.ts",
      index: "src/index.ts",
      verify: "src/verify/index.ts",
      prettier: "src/prettier/plugin.ts",
      "measure-server": "src/measure/echo-server.ts",
      ...Object.fromEntries(PLUGINS.map((bundler) => [bundler, `src/plugins/${bundler}.ts`])),
    },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    chunkNames: "chunks/[name]-[hash]",
    external: ["prettier", "ts-morph", "fast-check", "unplugin", "@rpcgen/runtime", "@rpcgen/runtime/*"],
    // Packages in CommonJS call a global `require`, which a module does not have.
    banner: { js: 'import { createRequire as requireFrom } from "node:module";\nconst require = requireFrom(import.meta.url);' },
    logLevel: "warning",
  });
}

async function tsc(project: string): Promise<void> {
  const compiler = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));
  try {
    await promisify(execFile)(process.execPath, [compiler, "-p", project], { cwd: root });
  } catch (error) {
    throw new Error(`tsc -p ${project} failed:\n${(error as { stdout?: string }).stdout ?? ""}`, { cause: error });
  }
}

/** What the build was made from: changes with any file that goes into it. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of ["src", "runtime"]) {
    for (const entry of await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && !/[\\/](dist|node_modules)[\\/]/.test(file)) hash.update(file).update(await readFile(file));
    }
  }
  for (const file of ["package.json", "package-lock.json", "tsconfig.json"]) hash.update(await readFile(path.join(root, file)));
  return hash.digest("hex");
}

async function buildAll(): Promise<void> {
  await Promise.all(["dist", "runtime/dist"].map((folder) => rm(path.join(root, folder), { recursive: true, force: true })));
  // The command line uses the runtime as its users do: by its package, whose types are made first.
  const sources = tsc("runtime/tsconfig.json").then(() => tsc("src/tsconfig.json"));
  const results = await Promise.allSettled([bundle("dist"), sources]);
  for (const result of results) {
    if (result.status === "fulfilled") continue;
    process.stderr.write(`${result.reason instanceof Error ? result.reason.message : String(result.reason)}\n`);
    process.exitCode = 1;
  }
}

/**
 * Puts `rpcgen` where `npx` looks first, as installing the package elsewhere would. Without it `npx rpcgen` in the checkout would pack and
 * install the checkout into its cache at every change, which takes half a minute.
 */
async function linkCommand(): Promise<void> {
  const link = path.join(root, "node_modules/.bin/rpcgen");
  await mkdir(path.dirname(link), { recursive: true });
  await rm(link, { force: true });
  await symlink("../../src/cli/bin.mjs", link);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stamp = path.join(root, "dist/.built-from");
  const wanted = await fingerprint();
  const built = process.argv.includes("--if-stale") ? await readFile(stamp, "utf8").catch(() => undefined) : undefined;
  await linkCommand();
  if (built !== wanted) {
    await buildAll();
    if (process.exitCode !== 1) await writeFile(stamp, wanted);
  }
}
