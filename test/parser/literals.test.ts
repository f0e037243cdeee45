/** Numbers, durations and texts: their values, and the exact places of their faults. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConstNode } from "../../src/parser/ast.js";
import { read, readClean } from "./reading.js";

const before = "const C: T = ";
const literal = (text: string) => (readClean(`${before}${text};`).declarations[0] as ConstNode).value;
/** The findings of a constant, with columns counted from the start of its value. */
const faults = (text: string) =>
  read(`${before}${text};`).findings.map((found) =>
    found.replace(/^1:(\d+)/, (_, column: string) => String(Number(column) - before.length)),
  );

describe("integers", () => {
  test.each([
    ["0", 0n],
    ["-0", 0n],
    ["+7", 7n],
    ["-12_345", -12345n],
    ["0xFF_ff", 65535n],
    ["-0x10", -16n],
    ["18446744073709551616", 18446744073709551616n],
  ])("%s", (text, value) => expect(literal(text)).toMatchObject({ kind: "int", value, raw: text }));

  test("any integer, in decimal and hexadecimal", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
        expect(literal(String(value))).toMatchObject({ kind: "int", value });
        const hex = `${value < 0n ? "-" : ""}0x${(value < 0n ? -value : value).toString(16)}`;
        expect(literal(hex)).toMatchObject({ kind: "int", value });
      }),
    );
  });
});

describe("floats", () => {
  test.each([
    ["1.5", 1.5],
    ["-0.0", -0],
    ["1e5", 1e5],
    ["-1.5e-3", -0.0015],
    ["6.02_214E+23", 6.02214e23],
  ])("%s", (text, value) => expect(literal(text)).toMatchObject({ kind: "float", value, raw: text }));

  test("any f64 as JavaScript writes it", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = Object.is(value, -0) ? "-0.0" : String(value);
        const read = literal(text);
        expect(read.kind === "int" ? Number(read.value) : read.kind === "float" && read.value).toBe(value);
      }),
    );
  });
});

describe("durations", () => {
  test.each([
    ["500ms", 500_000_000n],
    ["1h30m", 5_400_000_000_000n],
    ["-2d", -172_800_000_000_000n],
    ["1.5s", 1_500_000_000n],
    ["0.25us", 250n],
    ["1_000ns", 1000n],
    ["0s", 0n],
  ])("%s", (text, nanos) => expect(literal(text)).toMatchObject({ kind: "duration", nanos, raw: text }));
});

describe("malformed numbers", () => {
  test.each([
    ["1__0", ["2 RPC1007"]],
    ["1_", ["2 RPC1007"]],
    ["1_.5", ["2 RPC1007"]],
    ["0x", ["1 RPC1007"]],
    ["-0x", ["2 RPC1007"]],
    ["0xfg", ["4 RPC1007"]],
    ["007", ["1 RPC1007"]],
    ["00.5", ["1 RPC1007"]],
    ["1e", ["2 RPC1007"]],
    ["1.", ["2 RPC1007"]],
    ["1.2.3", ["4 RPC1007"]],
    ["1..3", ["2 RPC1007"]],
    ["1e999", ["1 RPC1007"]],
    ["9".repeat(400), ["1 RPC1007"]],
    ["5sec", ["2 RPC1008"]],
    ["1h5", ["3 RPC1008"]],
    ["0.5ns", ["1 RPC1007"]],
    ["12abc", ["3 RPC1008"]],
  ])("%s", (text, expected) => expect(faults(text)).toEqual(expected));

  test("a member's number is whole", () => {
    expect(read("message M { a: T = 1.5; b: T = 2s; c: T = 1e3; }").findings).toEqual([
      "1:20 RPC1107",
      "1:32 RPC1107",
      "1:43 RPC1107",
    ]);
  });
});

describe("texts", () => {
  test.each([
    ['""', ""],
    ['"a // b /* c */ d"', "a // b /* c */ d"],
    [String.raw`"\" \\ \/ \b \f \n \r \t"`, '" \\ / \b \f \n \r \t'],
    [String.raw`"\u00e9 \u{e9} \u{1F600} \u{0}"`, "é é 😀 \0"],
    [String.raw`"\ud83d\ude00"`, "😀"],
    ['"grüße, 漢字, 😀, \u2028"', "grüße, 漢字, 😀, \u2028"],
    ['"\t"', "\t"],
  ])("%s", (text, value) => expect(literal(text)).toMatchObject({ kind: "string", value, raw: text }));

  test("any text that JSON can write", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        (value) => void expect(literal(JSON.stringify(value))).toMatchObject({ kind: "string", value }),
      ),
    );
  });

  test.each([
    [String.raw`"ab\qc"`, ["4 RPC1005"]],
    [String.raw`"\x41"`, ["2 RPC1005"]],
    [String.raw`"\u12"`, ["2 RPC1005"]],
    [String.raw`"\u{110000}"`, ["2 RPC1005"]],
    [String.raw`"\u{}"`, ["2 RPC1005"]],
    [String.raw`"\u{41"`, ["2 RPC1005"]],
    [String.raw`"\q\w"`, ["2 RPC1005", "4 RPC1005"]],
    [String.raw`"\ud800"`, ["2 RPC1006"]],
    [String.raw`"\ude00\ud83d"`, ["2 RPC1006", "8 RPC1006"]],
    [String.raw`"\u{d800}"`, ["2 RPC1006"]],
    ['"a\u0007"', ["3 RPC1011"]],
    ["'single'", ["1 RPC1009"]],
  ])("%s", (text, expected) => expect(faults(text)).toEqual(expected));

  test.each([
    ["at the end of its line", '"abc\nmessage M {}', 1],
    ["behind a backslash", '"abc\\\nmessage M {}', 1],
    ["behind an escaped quote", '"abc\\"\nmessage M {}', 1],
    ["at the end of the file", '"abc', 0],
  ])("unterminated %s: one finding, and the next line is read", (_where, text, declarations) => {
    const { file, findings } = read(`const C: T = ${text}`);
    expect(findings).toEqual(["1:14 RPC1004"]);
    expect(file.declarations.filter((node) => node.kind === "message")).toHaveLength(declarations);
  });
});
