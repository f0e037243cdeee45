/** The output for the schemas of `test/golden` is the one that was reviewed. `UPDATE_GOLDEN=1` writes it anew. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "prettier";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import type { Target } from "../../src/compiler.js";
import type { OutputFile } from "../../src/emit/emitter.js";

const root = fileURLToPath(new URL("../golden", import.meta.url));
const schemas = readdirSync(root);
const targets: readonly Target[] = ["ts", "json"];

function filesIn(folder: string, extension = ""): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(names.map((name) => [name.slice(folder.length + 1), readFileSync(name, "utf8")]));
}

function outputsOf(sources: Record<string, string>, target: Target): readonly OutputFile[] {
  // Blocking clients import what stands beside them.
  const { diagnostics, outputs } = compile({ sources, targets: target === "ts" ? ["ts", "sync"] : [target] });
  expect(diagnostics).toEqual([]);
  return outputs;
}

describe.each(schemas)("%s", (schema) => {
  const sources = filesIn(join(root, schema), ".idl");

  describe.each(targets)("as %s", (target) => {
    const golden = join(root, schema, target);

    test("is what was reviewed", () => {
      const outputs = outputsOf(sources, target);
      if (process.env["UPDATE_GOLDEN"] === "1") {
        rmSync(golden, { recursive: true, force: true });
        for (const { path, text } of outputs) {
          mkdirSync(dirname(join(golden, path)), { recursive: true });
          writeFileSync(join(golden, path), text);
        }
      }
      expect(Object.fromEntries(outputs.map(({ path, text }) => [path, text]))).toEqual(
        existsSync(golden) ? filesIn(golden) : {},
      );
    });

    test("is the same whatever order the sources come in", () => {
      const reversed = Object.fromEntries(Object.entries(sources).reverse());
      expect(outputsOf(reversed, target)).toEqual(outputsOf(sources, target));
    });
  });

  test("is text that prettier leaves alone", async () => {
    for (const { path, text } of outputsOf(sources, "ts")) {
      expect(await check(text, { parser: "typescript" }), path).toBe(true);
    }
  });
});
