/** The maps of modules for bundlers: what stands on a line of the JavaScript stands on the line of the TypeScript that it is mapped to. */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import fc from "fast-check";
import { expect, test } from "vitest";
import { typescript } from "../../src/emit/typescript/index.js";
import { stripTypes } from "../../src/emit/typescript/strip-types.js";
import { lineMap } from "../../src/plugins/line-map.js";
import { arbitrarySchema } from "../emit/arbitrary-schema.js";
import { emitFile } from "../emit/schema-builders.js";

const wordsOf = (line: string): string[] => line.match(/\w+/g) ?? [];

/** Whether the words stand in the others in their order. */
function isPartOf(words: readonly string[], others: readonly string[]): boolean {
  let at = 0;
  for (const word of others) if (word === words[at]) at++;
  return at === words.length;
}

test("each line leads to its own", () => {
  fc.assert(
    fc.property(arbitrarySchema, (schema) => {
      for (const { text } of emitFile(typescript, schema).outputs) {
        const map = new TraceMap({ ...lineMap({ file: "/app/a.idl", kind: "codec" }, text) });
        const original = text.split("\n");
        const lines = stripTypes(text).split("\n").filter((line) => line !== "export {};");
        for (const [index, line] of lines.entries()) {
          if (line.trim() === "") continue;
          const found = originalPositionFor(map, { line: index + 1, column: 0 });
          expect(found).toMatchObject({ source: "/app/a.codec.ts", column: 0 });
          expect(isPartOf(wordsOf(line), wordsOf(original[(found.line ?? 0) - 1] ?? "")), line).toBe(true);
        }
      }
    }),
    { numRuns: 25 },
  );
});
