/** Bundles a module for browsers, together with what is generated for `room.idl` and the runtime as it stands. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "../../../src/compile.js";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const IDL = new URL("../../e2e/idl/room.idl", import.meta.url);
const RUNTIME = fileURLToPath(new URL("../../../runtime/", import.meta.url));

/** By path, such as "room.client.ts". */
function generatedRoom(): ReadonlyMap<string, string> {
  const { diagnostics, outputs } = compile({ sources: { "room.idl": readFileSync(IDL, "utf8") }, targets: ["ts", "sync"] });
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return new Map(outputs.map(({ path, text }) => [path, text]));
}

/** @param contents of the entry. It may not reach anything of Node's. */
export async function bundleForBrowsers(contents: string): Promise<Uint8Array> {
  const generated = generatedRoom();
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: FOLDER, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "chrome120",
    logLevel: "silent",
    alias: { "@rpcgen/runtime/generated": `${RUNTIME}generated.ts`, "@rpcgen/runtime/sync": `${RUNTIME}sync/browser.ts`, "@rpcgen/runtime/threads": `${RUNTIME}transport/port/index.ts`, "@rpcgen/runtime": `${RUNTIME}browser.ts` },
    plugins: [
      {
        name: "generated",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /\/room[.\w]*\.js$/ }, ({ path }) => ({
            path: path.replace(/^.*\//, "").replace(/\.js$/, ".ts"),
            namespace: "generated",
            sideEffects: false,
          }));
          onLoad({ filter: /.*/, namespace: "generated" }, ({ path }) => ({
            contents: generated.get(path) ?? "",
            loader: "ts",
            resolveDir: FOLDER,
          }));
        },
      },
    ],
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("nothing was bundled");
  return output.contents;
}
