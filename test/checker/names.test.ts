/** Which declaration a name means, and what is said of those that mean none. */
import { describe, expect, it } from "vitest";
import { checkBody, checkSources, codesOf, schemaOf } from "./program.js";

describe("names", () => {
  const bank =
    "package bank;\nalias Cents = i64;\nenum Kind { NONE = 0; GOLD = 1; }\nconst LIMIT: u8 = 3;\nannotation tag(kind: Kind) on field;\n";

  it.each([
    ['import "./bank.idl";', ""],
    ['import "./bank.idl" as money;', "money."],
    ['import "./bank.idl" as money;', "bank."],
    ['import "./bank.idl";', "bank."],
  ])("are found with %s as %sName", (line, prefix) => {
    const main = `package shop;\n${line}\nmessage M { @${prefix}tag(${prefix}Kind.GOLD) @default(${prefix}LIMIT) a: ${prefix}Cents = 1; }\n`;
    const { schema, diagnostics } = checkSources({ "main.idl": main, "bank.idl": bank });
    expect(diagnostics).toEqual([]);
    expect(schema?.files[1]?.declarations[0]).toMatchObject({
      fields: [
        {
          type: { kind: "named", name: "bank.Cents" },
          default: { kind: "int", value: "3" },
          annotations: [
            { name: "bank.tag", arguments: { kind: { kind: "enum", enum: "bank.Kind", member: "GOLD", number: 1 } } },
          ],
        },
      ],
    });
  });

  it("of the file itself win over imported ones", () => {
    const schema = schemaOf({
      "main.idl": 'package shop;\nimport "./bank.idl";\nalias Cents = u8;\nmessage M { a: Cents = 1; b: Kind = 2; }\n',
      "bank.idl": bank,
    });
    expect(schema.files[1]?.declarations[1]).toMatchObject({
      fields: [{ type: { name: "shop.Cents" } }, { type: { name: "bank.Kind" } }],
    });
  });

  it("of one package are seen through an aliased import", () => {
    const checked = checkSources({
      "main.idl": 'package p;\nimport "./b.idl" as b;\nalias A = B;\n',
      "b.idl": "package p;\nalias B = u8;\n",
    });
    expect(codesOf(checked)).toEqual([]);
  });

  it("behind an alias are proposed with it, and the import counts as used", () => {
    const { diagnostics } = checkSources({
      "main.idl": 'package p;\nimport "./b.idl" as b;\nimport "./a.idl";\nalias A = B;\n@note alias C = Other;\n',
      "a.idl": 'package a;\nimport "./c.idl";\nalias Other = B;\n',
      "b.idl": "package b;\nalias B = u8;\nannotation note() on alias;\n",
      "c.idl": "package c;\nalias B = u8;\n",
    });
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([
      ["RPC2024", 'did you mean "b.B"?'],
      ["RPC2100", expect.stringContaining("b.note")],
    ]);
  });

  it("are not re-exported; the help can be pasted", () => {
    const { diagnostics } = checkSources({
      "x/main.idl": 'package p;\nimport "./b.idl";\nalias A = B;\nalias X = C;\n',
      "x/b.idl": 'package p;\nimport "../y/c.idl";\nalias B = C;\n',
      "y/c.idl": "package p;\nalias C = u8;\n",
    });
    expect(diagnostics).toMatchObject([
      { code: "RPC2026", help: 'add `import "../y/c.idl";`', related: [{ span: { file: "y/c.idl" } }] },
    ]);
  });

  it.each([
    ["int32", "write `i32`"],
    ["double", "write `f64`"],
    ["str", "write `string`"],
    ["boolean", "write `bool`"],
    ["Date", "write `timestamp`"],
    ["Ordr", 'did you mean "Order"?'],
    ["order", 'did you mean "Order"?'],
    ["Nothing", undefined],
  ])("of other languages and slips: %s", (name, help) => {
    const { diagnostics } = checkBody(`message Order { a: ${name} = 1; }`);
    expect(diagnostics.map((found) => [found.code, found.help])).toEqual([["RPC2024", help]]);
  });

  it("that JavaScript objects have are names like any other", () => {
    const words = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"];
    const body = words
      .map((word, index) => `message ${word} { ${word}: ${words[(index + 1) % words.length]}[] = 1; }`)
      .join("\n");
    expect(
      codesOf(checkBody(`${body}\nannotation note(__proto__: string) on message;\n@note("x") message M { }`)),
    ).toEqual([]);
    expect(
      codesOf(checkBody("message M { a: constructor = 1; @toString b: u8 = 2; @default(__proto__) c: u8 = 3; }")),
    ).toEqual(["RPC2024", "RPC2100", "RPC2024"]);
  });

  it("stay fast to report in great numbers", () => {
    const fields = Array.from({ length: 3000 }, (_, index) => `f${index}: Missing${index} = ${index + 1};`).join("\n");
    expect(checkBody(`message M {\n${fields}\n}`).diagnostics.length).toBe(3000);
  });
});
