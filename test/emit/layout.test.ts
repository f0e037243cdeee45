/** The text of every output is the one that prettier, with its default options, would leave alone. */
import fc from "fast-check";
import { check, format } from "prettier";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";
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

test("a zero whose name is long stands where prettier puts it, behind a key of any length", async () => {
  for (let length = 52; length <= 72; length++) {
    const name = `N${"x".repeat(length)}`;
    const source = `package zeros;\nstruct ${name} { b: string; c: u8; }\nmessage ${name}y { b: string = 1; }\nmessage M { a: ${name} = 1; zed: ${name}y = 2; abcde: ${name} = 3; }\n`;
    for (const { path, text } of compile({ sources: { "zeros.idl": source } }).outputs) expect(await format(text, { parser: "typescript" }), path).toBe(text);
  }
});

test("members that have other names in JSON leave text that prettier leaves alone, wherever their enum stands", async () => {
  const source = `package tones;
enum Tone { NONE = 0; @wireName("soft-one") SOFT = 1; @tsName("Loud") LOUD = 2; }
union Any { tone: Tone = 1; tones: Tone[] = 2; }
message All { a: Tone = 1; b?: Tone = 2; c: Tone[] = 3; d: map<Tone, Tone> = 4; e: map<string, Tone[]> = 5; @default(SOFT) f: Tone = 6; @wireName("gee") g: Tone = 7; }
service Tones { @readonly get(tone: Tone, tones?: Tone[]) -> Tone; @readonly all(stream Tone) -> stream Tone[]; }
`;
  const { outputs, diagnostics } = compile({ sources: { "tones.idl": source }, targets: ["ts", "sync"] });
  expect(diagnostics).toEqual([]);
  for (const { path, text } of outputs) {
    if (!(await check(text, { parser: "typescript" }))) expect(text, path).toBe(await format(text, { parser: "typescript" }));
  }
});
