/** Generated TypeScript and the JavaScript that plugins make of it are the same program. */
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import fc from "fast-check";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { typescript } from "../../src/emit/typescript/index.js";
import { stripTypes } from "../../src/emit/typescript/strip-types.js";
import { arbitrarySchema } from "./arbitrary-schema.js";
import { emitFile } from "./schema-builders.js";

/** A program in one spelling. */
function spelled(code: string, loader: "js" | "ts"): string {
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } };
  return transformSync(code, { loader, format: "esm", target: "es2023", minifyWhitespace: true, tsconfigRaw }).code.replace(/export\{\};?\n?$/, "").trimEnd();
}

describe("JavaScript of generated modules", () => {
  const files = globSync(["test/e2e/idl/**/*.idl", "examples/*/idl/*.idl", "test/golden/*/*.idl"]);

  test.each(files)("of %s", (file) => {
    const { outputs } = compile({ files: [file], read: (path) => readFileSync(path, "utf8") });
    expect(outputs.length).toBeGreaterThan(0);
    for (const { text } of outputs) expect(spelled(stripTypes(text), "js")).toBe(spelled(text, "ts"));
  });

  test("of whatever schema there is", () => {
    fc.assert(
      fc.property(arbitrarySchema, (schema) => {
        for (const { text } of emitFile(typescript, schema).outputs) expect(spelled(stripTypes(text), "js")).toBe(spelled(text, "ts"));
      }),
      { numRuns: 200 },
    );
  });

  test("of types alone is a module still", () => {
    expect(stripTypes("export interface A {}\n")).toContain("export {};");
  });
});
