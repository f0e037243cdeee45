/** Whatever the text, the parser answers: it never throws, and every place that it names lies inside of the text. */
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../src/parser/parse.js";
import { SourceFile } from "../../src/text/source-file.js";
import { placed, read, readClean, shape } from "./reading.js";

const sample = `/// Docs.
package a.b;
import "./x.idl" as x;
const C: u32 = -1_0;
alias A = map<string, x.T[]>;
annotation http(method: string, path?: string) on method;
enum E { Z = 0; @a("b\\n\\u{41}") Y = -1; reserved 2 to 5, "OLD"; }
struct P { x: f64; y?: E[]; }
@b(1, name: [true, 1h30m, E.Z])
message M {
  a: string = 1; // note
  /// Docs.
  @min(0x10) b?: u8[][] = 2;
  reserved 3, 5 to 9;
}
union U { a: M = 1; b: string = 2; }
error Gone { id: string = 1; }
service S {
  @readonly get(id: string, @c why?: E = 2, reserved 3) -> M throws Gone, x.Lost;
  chat(stream M) -> stream M;
  ping();
}
`;
const words = [
  ...new Set(sample.match(/[A-Za-z_]+|"[^"]*"|-?\d\w*|->|\/\/\/? |\/\*|\*\/|\n|[^\s\w]/g) ?? []),
  '"',
  "'",
  "\\",
  "é",
  "😀",
  "$",
  "#",
  "\0",
  "rpc",
  "returns",
  "repeated",
  "optional",
  "mesage",
];

/** Reads a text, and holds the promises that do not depend on it. */
function survives(text: string): void {
  const source = new SourceFile("test.idl", text);
  const { file, diagnostics } = parse(source);
  const outside = placed([file, diagnostics]).filter(
    ({ span }) => !(span.start >= 0 && span.start <= span.end && span.end <= source.text.length),
  );
  expect(outside).toEqual([]);
  const starts = diagnostics.map((found) => found.span?.start ?? 0);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(diagnostics.length).toBeLessThanOrEqual(101);
  const unspeakable = /undefined|NaN|null|Token|Identifier|Literal|Keyword|Misplaced|Left|Right|\b[a-z]+[A-Z]/;
  expect(
    diagnostics
      .map(({ message }) => message.replaceAll(/"[^"]*"|text .*/gs, '"…"'))
      .filter((message) => !/^[A-Z"].*[.;?…"]$/s.test(message) || unspeakable.test(message)),
  ).toEqual([]);
  expect(new Set(diagnostics.map((found) => `${found.code} ${found.span?.start}`)).size).toBe(diagnostics.length);
}

describe("any text", () => {
  test("of any characters", () => fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), survives)));

  test("of the language's words in any order", () => {
    const soup = fc.array(fc.tuple(fc.constantFrom(...words), fc.constantFrom("", " ", " ", "\n")), { maxLength: 120 });
    fc.assert(
      fc.property(soup, (parts) => survives(parts.flat().join(""))),
      { numRuns: 1500 },
    );
  });

  test("that was one of the language, before words were lost, doubled, put elsewhere and mistyped", () => {
    const edit = fc.record({
      at: fc.nat(sample.length),
      length: fc.nat(12),
      text: fc.oneof(fc.constantFrom("", "", ...words), fc.string({ maxLength: 3 })),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) =>
        survives(
          edits.reduce(
            (text, { at, length, text: other }) => text.slice(0, at) + other + text.slice(at + length),
            sample,
          ),
        ),
      ),
      { numRuns: 1500 },
    );
  });

  test("that ends anywhere", () => {
    for (let end = 0; end <= sample.length; end++) survives(sample.slice(0, end));
  });
});

describe("a text without mistakes", () => {
  test("is read without a finding", () => {
    readClean(sample);
    for (const path of ["test/e2e/idl/zoo.idl", "test/e2e/idl/shared/money.idl"].filter(existsSync))
      readClean(readFileSync(path, "utf8"));
  });

  test("with one token missing has a finding, or is another text without mistakes", () => {
    const lost = sample.match(/[A-Za-z_]\w*|"[^"]*"|-?\d\w*|->|[^\s\w]/g)?.length ?? 0;
    expect(lost).toBeGreaterThan(200);
    for (const match of sample.matchAll(/[;{}()<>:=]|->/g)) {
      if (/\/\//.test(sample.slice(sample.lastIndexOf("\n", match.index) + 1, match.index))) continue;
      const { findings } = read(sample.slice(0, match.index) + sample.slice(match.index + match[0].length));
      expect([match.index, match[0], findings.length]).toEqual([
        match.index,
        match[0],
        expect.toSatisfy((count: number) => count >= 1 && count <= 3),
      ]);
    }
  });

  test("is the same tree, whatever blanks and comments stand between its tokens", () => {
    const gap = fc.constantFrom(" ", "\n", "\r\n", "\t", " /* c */ ", " // c\n", "\n\n");
    const tokens = sample.replace(/\/\/.*$/gm, "").match(/[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|[-+]?\d\w*|->|[^\s\w]/g) ?? [];
    const plain = shape(readClean(tokens.join(" ")).declarations);
    fc.assert(
      fc.property(fc.infiniteStream(gap), (gaps) => {
        const text = tokens.map((token) => `${token}${gaps.next().value}`).join("");
        expect(shape(readClean(text).declarations)).toEqual(plain);
      }),
    );
  });
});
