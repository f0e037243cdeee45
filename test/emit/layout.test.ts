/** The text of every output is the one that prettier, with its default options, would leave alone. */
import fc from "fast-check";
import { check, format } from "prettier";
import { expect, test } from "vitest";
import { typescript } from "../../src/emit/typescript/index.js";
import { arbitrarySchema } from "./arbitrary-schema.js";
import { emitFile } from "./schema-builders.js";

test("random schemas give text that prettier leaves alone", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySchema, async (schema) => {
      const { outputs, diagnostics } = emitFile(typescript, schema);
      expect(diagnostics).toEqual([]);
      for (const { path, text } of outputs) {
        const options = { parser: "typescript" };
        if (!(await check(text, options))) expect(text, path).toBe(await format(text, options));
      }
    }),
    { numRuns: Number(process.env["LAYOUT_RUNS"] ?? 100) },
  );
});
