/** The next version of a text, parsed from the one before, is what parsing all of it gives. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../src/parser/parse.js";
import { reparse } from "../../src/parser/reparse.js";
import { SourceFile } from "../../src/text/source-file.js";
import { edited, randomSources, type Sources } from "../compiler/edits.js";
import { Random } from "../random/random.js";

const version = (text: string) => {
  const source = new SourceFile("a.idl", text);
  return { ...parse(source), source };
};

function expectSame(before: string, after: string): void {
  const old = version(before);
  const frozen = JSON.stringify(old, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  expect(reparse(new SourceFile("a.idl", after), old)).toEqual(parse(new SourceFile("a.idl", after)));
  expect(JSON.stringify(old, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))).toBe(frozen);
}

describe("a text parsed from the version before", () => {
  test("is the same after edits as an author makes them", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        const sources = randomSources(random);
        const path = random.pick(Object.keys(sources));
        let one: Sources = { [path]: sources[path] ?? "" };
        for (let step = 0; step < 6; step++) {
          const next = edited(one, random);
          const [before = ""] = Object.values(one);
          const [after = ""] = Object.values(next);
          expectSame(before, after);
          one = { [path]: after };
        }
      }),
      { numRuns: 300 },
    );
  });

  const head = 'package a;\nimport "./b.idl";\n';
  const bodies = ["message A { a: u32 = 1; }\n", "/// Of B.\n@x(1) message B { } // behind\n", "// before\nenum C { D = 0; } alias E = u8;\n\n", "/* of\nF */ const F: u32 = 3;"];
  const texts = [head, ...bodies].map((_, at) => [head, ...bodies].filter((_part, part) => part !== at || at === 0).join(""));

  test.each([...texts.map((text, at) => [`without ${at}`, head + bodies.join(""), text]), ...texts.map((text, at) => [`with ${at} again`, text, head + bodies.join("")])])(
    "is the same %s",
    (_, before, after) => expectSame(before, after),
  );

  test("is the same whichever character goes, comes or is another", () => {
    const text = head + bodies.join("");
    for (let at = 0; at < text.length; at++) {
      for (const put of ["", "\n", "}", "x", "/", "/// d\n", '"']) {
        expectSame(text, text.slice(0, at) + put + text.slice(at + 1));
        expectSame(text, text.slice(0, at) + put + text.slice(at));
      }
    }
  });
});
