/** Bundles the programs of this folder for Node, with the runtime as it stands, what is generated for the zoo, and the relay beside them. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "../../src/compile.js";

const IDL = new URL("../e2e/idl/", import.meta.url);
const RUNTIME = fileURLToPath(new URL("../../runtime/", import.meta.url));

/** By path, such as "zoo.sync.ts". */
function generated(): ReadonlyMap<string, string> {
  const names = readdirSync(IDL, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".idl"));
  const sources = Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, IDL), "utf8")]));
  return new Map(compile({ sources, targets: ["ts", "sync"] }).outputs.map(({ path, text }) => [path, text]));
}

/** @param out a folder within the checkout, where packages are found. The programs are called as their sources there. */
export async function bundleInto(out: string, programs: readonly string[]): Promise<void> {
  const texts = generated();
  await build({
    entryPoints: [...programs.map((name) => fileURLToPath(new URL(name, import.meta.url))), `${RUNTIME}sync/relay-worker.ts`],
    entryNames: "[name]",
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["ws", "koffi"],
    alias: { "@rpcgen/runtime/generated": `${RUNTIME}generated.ts`, "@rpcgen/runtime/threads": `${RUNTIME}transport/port/index.ts`, "@rpcgen/runtime/sync": `${RUNTIME}sync/index.ts`, "@rpcgen/runtime": `${RUNTIME}index.ts` },
    plugins: [
      {
        name: "generated",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /\/gen\// }, ({ path }) => ({ path: path.replace(/^.*\/gen\//, "").replace(/\.js$/, ".ts"), namespace: "generated" }));
          onResolve({ filter: /^\./, namespace: "generated" }, ({ path, importer }) => ({
            path: new URL(path, `file:///${importer}`).pathname.slice(1).replace(/\.js$/, ".ts"),
            namespace: "generated",
          }));
          onLoad({ filter: /.*/, namespace: "generated" }, ({ path }) => {
            const contents = texts.get(path);
            if (contents === undefined) throw new Error(`nothing is generated at ${path}`);
            return { contents, loader: "ts", resolveDir: RUNTIME };
          });
        },
      },
    ],
  });
}
