/** Compiles a folder of `.idl` files with the library and writes the TypeScript beside a test. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { compile } from "../../src/compile.js";

/** @throws Error with every finding, if there is one. */
export function generateInto(idl: URL, out: URL): void {
  const sources = Object.fromEntries(
    readdirSync(idl, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".idl"))
      .map((name) => [name, readFileSync(new URL(name, idl), "utf8")]),
  );
  const { diagnostics, outputs } = compile({ sources, targets: ["ts", "sync"] });
  if (diagnostics.length > 0) throw new Error(diagnostics.map((found) => `${found.code} ${found.message}`).join("\n"));
  rmSync(out, { recursive: true, force: true });
  for (const output of outputs) {
    const target = new URL(output.path, out);
    mkdirSync(dirname(target.pathname), { recursive: true });
    writeFileSync(target, output.text);
  }
}
