/** The checker answers whatever it is given: it never throws, and there is a schema exactly where there is no error. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codesOf, checkBody, checkSources, type Checked } from "./program.js";

const folder = "test/diagnostics";
const texts = readdirSync(folder)
  .filter((name) => /^RPC[23].*\.idl$/.test(name))
  .map((name) => readFileSync(`${folder}/${name}`, "utf8"));
const tokens = [...new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*|\d[\w.]*|"[^"]*"|\S/g) ?? []))];

function expectConsistent({ diagnostics, schema }: Checked): void {
  expect(schema === undefined).toBe(diagnostics.some((found) => found.severity === "error"));
  for (const found of diagnostics) {
    expect(found.message).toMatch(/\.$/);
    expect(found.message).not.toMatch(/undefined|\[object/);
  }
}

describe("the checker", () => {
  it("answers on files of mistakes put together and cut about", () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(12),
      token: fc.constantFrom("", ...tokens),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.constantFrom(...texts),
        fc.array(edit, { maxLength: 8 }),
        (first, second, edits) => {
          let text = first + second.replace(/^package.*$/m, "");
          for (const { at, length, token } of edits) {
            const start = Math.floor(at * text.length);
            text = `${text.slice(0, start)} ${token} ${text.slice(start + length)}`;
          }
          expectConsistent(checkSources({ "main.idl": text }));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("answers on long chains and deep nests", () => {
    const size = 5000;
    const lines = Array.from({ length: size }, (_, index) => index);
    const constants = lines.map((index) => `const C${index}: u8 = C${index + 1};`).join("\n");
    const aliases = lines.map((index) => `alias A${index} = A${index + 1}[];`).join("\n");
    const messages = lines.map((index) => `message M${index} { next: M${(index + 1) % size} = 1; }`).join("\n");
    const unions = lines.map((index) => `union U${index} { held: H${index} = 1; } message H${index} { next: U${(index + 1) % size} = 1; }`);
    expect(codesOf(checkBody(`${constants}\nconst C${size}: u8 = 7;`))).toEqual([]);
    expect(codesOf(checkBody(`${constants}\nconst C${size}: u8 = C0;`))).toEqual(["RPC2083"]);
    expect(codesOf(checkBody(`${aliases}\nalias A${size} = A0;`))).toEqual(["RPC2042"]);
    expect(codesOf(checkBody(messages))).toEqual(["RPC2041"]);
    expect(codesOf(checkBody(unions.join("\n")))).toEqual(["RPC2050"]);
  });
});
