/** Texts that are made to hurt: each ends with a finding, and exhausts neither the stack nor the patience of the runner. */
import { describe, expect, test } from "vitest";
import { read } from "./reading.js";

const deep = 10_000;
const long = 1_000_000;

describe("nesting", () => {
  test.each([
    ["lists", `message M { a: string${"[]".repeat(deep)} = 1; }`, "RPC1110"],
    ["marks behind lists", `message M { a: string?${"[]?".repeat(deep)} = 1; }`, "RPC1110"],
    ["maps", `message M { a: ${"map<string, ".repeat(deep)}string${">".repeat(deep)} = 1; }`, "RPC1110"],
    ["maps that do not end", `message M { a: ${"map<".repeat(deep)}`, "RPC1110"],
    ["foreign lists", `message M { a: ${"[".repeat(deep)}u8${"]".repeat(deep)} = 1; }`, "RPC1110"],
    ["foreign types", `message M { a: ${"list<".repeat(deep)}u8${">".repeat(deep)} = 1; }`, "RPC1110"],
    ["values", `const C: u8 = ${"[".repeat(deep)}1${"]".repeat(deep)};`, "RPC1110"],
    ["values that do not end", `message M { @a(${"[".repeat(deep)}`, "RPC1110"],
    ["annotations in annotations", `message M { ${"@a(".repeat(deep)} b: u8 = 1; }`, "RPC1101"],
    ["declarations", "message A { ".repeat(deep), "RPC1216"],
    ["services", "service A { ".repeat(deep), "RPC1216"],
    ["braces", "{".repeat(deep), "RPC1101"],
  ])("%s", (_name, text, code) => {
    const { findings, file } = read(`${text}\n\n\nmessage After {}\n`);
    expect(findings[0]).toContain(code);
    if (code !== "RPC1216" && !text.startsWith("{")) expect(file.declarations.at(-1)?.name.text).toBe("After");
  });

  test("as deep as is allowed", () => {
    expect(
      read(
        `alias A = u8${"[]".repeat(63)}; alias B = ${"map<u8, ".repeat(63)}u8${">".repeat(63)}; const C: u8 = ${"[".repeat(64)}1${"]".repeat(64)};`,
      ).findings,
    ).toEqual([]);
  });
});

describe("length", () => {
  test.each([
    ["one word", "x".repeat(long), "RPC1101"],
    ["words", "ab ".repeat(long / 3), "RPC1108"],
    ["one letter of no name", "é".repeat(long), "RPC1002"],
    ["characters without meaning", "$%".repeat(long / 2), "RPC1001"],
    ["characters without meaning between words", "a$".repeat(long / 2), "RPC1001"],
    ["zeros", "\0".repeat(long), "RPC1001"],
    ["an unterminated text", `const C: T = "${"x".repeat(long)}`, "RPC1004"],
    ["unterminated texts", '"\n'.repeat(long / 2), "RPC1004"],
    ["escapes", `const C: T = "${"\\q".repeat(long / 2)}";`, "RPC1005"],
    ["an unterminated comment", `/*${" *".repeat(long / 2)}`, "RPC1003"],
    ["digits", `const C: T = ${"9".repeat(long)};`, "RPC1007"],
    ["hexadecimal digits", `const C: T = 0x${"f".repeat(long)};`, "RPC1007"],
    ["exponents", `const C: T = ${"1e+".repeat(long / 4)}1;`, "RPC1007"],
    ["parts of a duration", `const C: T = ${"1h".repeat(long / 2)};`, "RPC1007"],
    ["closing braces", "}".repeat(long), "RPC1104"],
    ["semicolons", ";".repeat(long), "RPC1105"],
    ["commas", `service S { a(${",".repeat(long)}`, "RPC1105"],
    ["at signs", "@".repeat(long), "RPC1101"],
    ["annotations", "@a ".repeat(long / 3), "RPC1101"],
    ["broken members", `message M {\n${"x = ;\n".repeat(long / 6)}}`, "RPC1101"],
    ["unclosed messages", "message M {\n".repeat(long / 12), "RPC1103"],
    ["docs", "/// x\n".repeat(long / 6), "RPC1012"],
    ["reserved numbers before a member without one", `enum E { reserved ${Array.from({ length: long / 8 }, (_, at) => at).join(", ")}; A; }`, "RPC1109"],
    ["a header without end", `message M ${"a ".repeat(long / 2)}`, "RPC1101"],
  ])("%s", (_name, text, code) => {
    const { findings } = read(text);
    expect(findings[0]).toContain(code);
    expect(findings.length).toBeLessThanOrEqual(101);
  });

  test("ten million characters are refused unread", () => {
    const { file, findings } = read("message M {} ".repeat(800_000));
    expect(findings).toEqual(["1:1 RPC7011"]);
    expect(file.declarations).toEqual([]);
  });
});

test("after a hundred findings one says that there are more", () => {
  const { findings, messages } = read("alias A = ;\n".repeat(500));
  expect(findings).toHaveLength(101);
  expect(findings.slice(0, 2)).toEqual(["1:11 RPC1101", "2:11 RPC1101"]);
  expect(findings.at(-1)).toBe("101:11 RPC1112");
  expect(messages.at(-1)).toContain("more than 100");
});

test("warnings are no mistakes, however many there are", () => {
  const { findings } = read(`message M {\n${"a\n/// of nothing\n: u8 = 1;\n".repeat(300)}}\n`);
  expect(findings).toHaveLength(100);
  expect(new Set(findings.map((found) => found.replace(/^.* /, "")))).toEqual(new Set(["RPC1012"]));
});

test("findings of characters do not push those of the grammar out of sight", () => {
  const { findings } = read(`alias A = ;\n${"const C: T = 'x';\n".repeat(200)}`);
  expect(findings[0]).toBe("1:11 RPC1101");
});
