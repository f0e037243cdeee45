import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../src/index.js";

const order = "package shop;\nmessage Order { id: string = 1; }\n";

describe("compile", () => {
  test("sources in, findings and outputs out", () => {
    const { diagnostics, outputs, schema } = compile({ sources: { "shop.idl": order } });
    expect(diagnostics).toEqual([]);
    expect(outputs.map(({ path }) => path)).toContain("shop.ts");
    expect(schema?.files.map((file) => file.package)).toEqual(["shop"]);
  });

  test.each([[], [undefined], [{}], ["shop.idl"]])("without sources says what it takes: %o", (options?: unknown) => {
    expect(() => compile(options as object)).toThrow(new TypeError("compile() needs `sources`, or `files` and `read`"));
  });

  test("the same sources give the same bytes, in whatever order they come", () => {
    const sources = { "b.idl": "package b;\nalias B = u8;\n", "a.idl": "package a;\nalias A = u8;\n" };
    const reversed = { "a.idl": sources["a.idl"], "b.idl": sources["b.idl"] };
    expect(compile({ sources }).outputs).toEqual(compile({ sources: reversed }).outputs);
  });

  test("outputs do not tell where the sources stood, or how their paths were written", () => {
    const at = (folder: string) => {
      const sources = { [`${folder}a.idl`]: 'package a;\nimport "./sub/b.idl";\nalias A = B;\n', [`${folder}sub/b.idl`]: "package a;\nalias B = u8;\n" };
      return compile({ sources, targets: ["ts", "json"] }).outputs.map(({ path, text }) => ({ path, text }));
    };
    expect(at("").length).toBeGreaterThan(3);
    expect(at("/home/me/project/idl/")).toEqual(at(""));
    expect(at("../idl/./")).toEqual(at(""));
  });

  test("findings have lines and columns, and errors leave no outputs", () => {
    const { diagnostics, outputs, schema } = compile({ sources: { "shop.idl": "package shop;\r\n\talias A = Nothing;\r\n" } });
    expect(diagnostics).toMatchObject([{ severity: "error", file: "shop.idl", line: 2, column: 12, endLine: 2, endColumn: 19 }]);
    expect({ outputs, schema }).toEqual({ outputs: [], schema: undefined });
  });

  test("what several targets find is said once", () => {
    const { diagnostics } = compile({ sources: { "a.idl": "package a;\nmessage class { x: u8 = 1; }\nservice S { @readonly then() -> u8; }\n" }, targets: ["ts", "sync", "kit", "dts"] });
    expect(diagnostics.map(({ code }) => code)).toEqual(["RPC6001", "RPC6005"]);
  });

  test("imports are found among the sources or read on demand, with normalised paths", () => {
    const asked: string[] = [];
    const read = (path: string) => {
      asked.push(path);
      return path === "idl/common/money.idl" ? "package money;\nalias Cents = i64;\n" : undefined;
    };
    const text = 'package shop;\nimport "../common/./money.idl" as money;\nalias Price = money.Cents;\n';
    const { diagnostics, outputs } = compile({ sources: { "./idl/shop/shop.idl": text }, read });
    expect(diagnostics).toEqual([]);
    expect(asked).toEqual(["idl/common/money.idl"]);
    expect(outputs.map(({ path }) => path)).toEqual(expect.arrayContaining(["shop/shop.ts", "common/money.ts"]));
  });

  test("`files` chooses among the sources", () => {
    const { outputs } = compile({ sources: { "a.idl": order, "b.idl": order }, files: ["a.idl"] });
    expect(outputs.some(({ path }) => path.startsWith("b"))).toBe(false);
  });

  test("a file that is not there, or cannot be read, is a finding", () => {
    const read = (path: string) => (path === "locked.idl" ? { reason: "permission is denied" } : undefined);
    expect(compile({ files: ["gone.idl", "locked.idl"], read }).diagnostics).toMatchObject([
      { code: "RPC7001", file: "gone.idl", line: 1, column: 1 },
      { code: "RPC7004", file: "locked.idl" },
    ]);
  });

  test("a failed import silences no other finding", () => {
    const text = 'package shop;\nimport "./gone.idl";\nmessage A { x: u8 = 1; y: u8 = 1; }\n';
    expect(compile({ sources: { "shop.idl": text } }).diagnostics.map(({ line }) => line)).toEqual([2, 3]);
  });

  test("a path may have the name of a member of Object.prototype", () => {
    const { diagnostics, outputs } = compile({ sources: { ["__proto__"]: "package p;\nalias A = u8;\n", constructor: "package c;\nalias B = u8;\n" } });
    expect(diagnostics).toEqual([]);
    expect(outputs.map(({ path }) => path)).toEqual(expect.arrayContaining(["__proto__.ts", "constructor.ts"]));
  });

  test("a wrong option is an exception", () => {
    expect(() => compile({ sources: { "a.idl": order }, targets: ["rust" as "ts"] })).toThrow(TypeError);
    expect(() => compile({})).toThrow(TypeError);
  });

  test("however long the text: no target runs out of stack", { timeout: 60_000 }, () => {
    const many = (text: (number: number) => string, count = 10_000): string => Array.from({ length: count }, (_, number) => text(number)).join("\n");
    const sources = {
      "lines.idl": `package lines;\n/// ${"x\n/// ".repeat(150_000)}\nmessage A { a: u8 = 1; }`,
      "members.idl": `package members;\nenum E {\n${many((n) => `A${n} = ${n};`)}\n}\nmessage M {\n${many((n) => `a${n}?: E = ${n + 1};`)}\n}\nservice S {\n${many((n) => `m${n}(a: u8);`, 2_000)}\n}`,
      "numbers.idl": `package numbers;\nmessage M { reserved ${many((n) => `${2 * n + 1},`, 150_000)} 2; }`,
    };
    const { diagnostics, outputs } = compile({ sources, targets: ["ts", "sync", "json", "kit", "dts", "proto"] });
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(outputs.length).toBeGreaterThan(12);
  });

  test("whatever the text: no exception, and every finding has a place in it", { timeout: 60_000 }, () => {
    const word = fc.constantFrom(
      "package", "a.b", ";", "message", "Order", "{", "}", "id", ":", "string", "=", "1", "map<", ">", ",", "?", "[]", "@", "@default(", ")", "(",
      "service", "->", "stream", "throws", "error", "enum", "union", "reserved", "to", "import", '"./b.idl"', "const", "/*", "*/", "///", "//",
      "\n", "\r\n", '"', "\\u{110000}", "0x", "1e999", "-", "500ms", "\ud800", "\u0000", "__proto__", "é", "struct", "alias", "as", "annotation", "on",
    );
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const lines = (source: string) => source.split("\n").length;
        const { diagnostics, outputs } = compile({ sources: { "a.idl": `package a;\n${a}`, "b.idl": b }, targets: ["ts", "json"] });
        for (const { file, line, column, endLine, message } of diagnostics) {
          expect(message).toMatch(/\S/);
          expect(column).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(endLine);
          expect(endLine).toBeLessThanOrEqual(file === "a.idl" ? lines(a) + 1 : lines(b));
        }
        expect(outputs.length > 0).toBe(!diagnostics.some(({ severity }) => severity === "error"));
      }),
      { numRuns: 200 },
    );
  });
});
