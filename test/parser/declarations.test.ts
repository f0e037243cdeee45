/** Every construct of the language, and the tree that comes of it. */
import { describe, expect, test } from "vitest";
import { Grammar } from "../../src/parser/grammar/grammar.js";
import { read, readClean, shape } from "./reading.js";

const named = (name: string) => ({ kind: "name", name });
const list = (element: unknown) => ({ kind: "list", element });
const map = (key: unknown, value: unknown) => ({ kind: "map", key, value });
const plain = { annotations: [] };
const field = (name: string, type: unknown, number?: number) => ({
  ...plain,
  name,
  optional: false,
  type,
  ...(number !== undefined && { number }),
});

const declarations = (text: string) => shape(readClean(`package p;\n${text}`).declarations);
const single = (text: string) => (declarations(text) as unknown[])[0];
const members = (text: string) => (single(`message M { ${text} }`) as { fields: unknown }).fields;
const method = (text: string) => (single(`service S { ${text} }`) as { methods: unknown[] }).methods[0];

test("chevrotain finds nothing wrong with the grammar", () => {
  expect(() => new Grammar(true)).not.toThrow();
});

describe("files", () => {
  test("packages and imports", () => {
    const file = readClean('package city.orders;\nimport "./money.idl";\nimport "../shared/a b.idl" as shared;\n');
    expect(shape(file.packages)).toEqual([{ name: "city.orders" }]);
    expect(shape(file.imports)).toEqual([
      { path: { value: "./money.idl" } },
      { path: { value: "../shared/a b.idl" }, alias: "shared" },
    ]);
    expect(file.packages[0]?.name.parts.map((part) => part.text)).toEqual(["city", "orders"]);
  });

  test("an empty file, and one of comments alone", () => {
    expect(shape(readClean(""))).toEqual({
      path: "test.idl",
      packages: [],
      imports: [],
      declarations: [],
      comments: [],
    });
    expect(shape(readClean("// a\n/* b */\n"))).toMatchObject({ comments: ["// a", "/* b */"] });
  });

  test("statements in any order, and packages twice: the checker decides", () => {
    const file = readClean('alias A = u8; import "a"; package a; package b;');
    expect([file.packages.length, file.imports.length, file.declarations.length]).toEqual([2, 1, 1]);
  });
});

describe("declarations", () => {
  test.each([
    [
      "const N: u32 = 100;",
      { kind: "const", name: "N", ...plain, type: named("u32"), value: { kind: "int", value: 100 } },
    ],
    [
      "alias A = map<string, u8[]>[];",
      { kind: "alias", name: "A", ...plain, type: list(map(named("string"), list(named("u8")))) },
    ],
    [
      'enum E { A = 0; B = -3; C = 0x10; reserved 7, 9 to 11, -5 to -4, "OLD"; }',
      {
        kind: "enum",
        name: "E",
        ...plain,
        members: [
          { name: "A", ...plain, number: 0 },
          { name: "B", ...plain, number: -3 },
          { name: "C", ...plain, number: 16 },
        ],
        reserved: [
          {
            ranges: [
              { from: 7, to: 7 },
              { from: 9, to: 11 },
              { from: -5, to: -4 },
            ],
            names: [{ value: "OLD" }],
          },
        ],
      },
    ],
    [
      "struct P { x: f64; y?: f64; z: u8 = 3; }",
      {
        kind: "struct",
        name: "P",
        ...plain,
        fields: [field("x", named("f64")), { ...field("y", named("f64")), optional: true }, field("z", named("u8"), 3)],
      },
    ],
    [
      'message M { id: string = 1; note?: a.b.C = 2; plain: u8; reserved 3; reserved "x"; }',
      {
        kind: "message",
        name: "M",
        ...plain,
        fields: [
          field("id", named("string"), 1),
          { ...field("note", named("a.b.C"), 2), optional: true },
          field("plain", named("u8")),
        ],
        reserved: [
          { ranges: [{ from: 3, to: 3 }], names: [] },
          { ranges: [], names: [{ value: "x" }] },
        ],
      },
    ],
    [
      "union U { a: A = 1; b?: B = 2; reserved 3; }",
      {
        kind: "union",
        name: "U",
        ...plain,
        members: [field("a", named("A"), 1), { ...field("b", named("B"), 2), optional: true }],
        reserved: [{ ranges: [{ from: 3, to: 3 }], names: [] }],
      },
    ],
    [
      "error E { sku: string = 1; }",
      { kind: "error", name: "E", ...plain, fields: [field("sku", named("string"), 1)], reserved: [] },
    ],
    ["message Empty {}", { kind: "message", name: "Empty", ...plain, fields: [], reserved: [] }],
    ["service S {}", { kind: "service", name: "S", ...plain, methods: [] }],
    [
      "annotation http(method: string, path?: string) on method, service;",
      {
        kind: "annotation",
        name: "http",
        ...plain,
        parameters: [field("method", named("string")), { ...field("path", named("string")), optional: true }],
        targets: ["method", "service"],
      },
    ],
    [
      "annotation internal on message;",
      { kind: "annotation", name: "internal", ...plain, parameters: [], targets: ["message"] },
    ],
    [
      "annotation internal() on message;",
      { kind: "annotation", name: "internal", ...plain, parameters: [], targets: ["message"] },
    ],
  ])("%s", (text, expected) => expect(single(text)).toEqual(expected));
});

describe("methods", () => {
  const fields = (...list: unknown[]) => ({ kind: "fields", fields: list, reserved: [] });
  const result = (type: string, stream = false) => ({ stream, type: named(type) });
  test.each([
    ["ping();", { parameters: fields() }],
    ["get(id: T) -> R;", { parameters: fields(field("id", named("T"))), result: result("R") }],
    [
      "get(id: T = 4, why?: string,) -> a.R throws X, b.Y;",
      {
        parameters: fields(field("id", named("T"), 4), { ...field("why", named("string")), optional: true }),
        result: result("a.R"),
        throws: ["X", "b.Y"],
      },
    ],
    ["drop() throws X;", { parameters: fields(), throws: ["X"] }],
    [
      'get(id: T, reserved 2, 4 to 5, "x", b: U) -> R;',
      {
        parameters: {
          kind: "fields",
          fields: [field("id", named("T")), field("b", named("U"))],
          reserved: [
            {
              ranges: [
                { from: 2, to: 2 },
                { from: 4, to: 5 },
              ],
              names: [{ value: "x" }],
            },
          ],
        },
        result: result("R"),
      },
    ],
    ["watch(from: u64) -> stream E;", { parameters: fields(field("from", named("u64"))), result: result("E", true) }],
    [
      "upload(stream Chunk) -> S;",
      { parameters: { kind: "stream", element: named("Chunk"), others: [] }, result: result("S") },
    ],
    [
      "chat(stream L[], id: T) -> stream L;",
      {
        parameters: { kind: "stream", element: list(named("L")), others: [field("id", named("T"))] },
        result: result("L", true),
      },
    ],
    [
      "get(@min(1) n: u8 = 2);",
      {
        parameters: fields({
          ...field("n", named("u8"), 2),
          annotations: [{ name: "min", arguments: [{ value: { kind: "int", value: 1 } }] }],
        }),
      },
    ],
  ])("%s", (text, expected) => {
    expect(method(text)).toEqual({ name: text.slice(0, text.indexOf("(")), ...plain, throws: [], ...expected });
  });
});

describe("annotations", () => {
  const annotated = (text: string) => (single(`${text} alias A = u8;`) as { annotations: unknown }).annotations;
  test.each([
    ["@readonly", [{ name: "readonly", arguments: [] }]],
    ["@a.b()", [{ name: "a.b", arguments: [] }]],
    [
      "@a @b(1)\n@c",
      [
        { name: "a", arguments: [] },
        { name: "b", arguments: [{ value: { kind: "int", value: 1 } }] },
        { name: "c", arguments: [] },
      ],
    ],
    [
      '@a(1, name: "x", [1, MAX, [true,],], on: Status.OPEN, 5s)',
      [
        {
          name: "a",
          arguments: [
            { value: { kind: "int", value: 1 } },
            { name: "name", value: { kind: "string", value: "x" } },
            {
              value: {
                kind: "list",
                items: [
                  { kind: "int", value: 1 },
                  named("MAX"),
                  { kind: "list", items: [{ kind: "bool", value: true }] },
                ],
              },
            },
            { name: "on", value: named("Status.OPEN") },
            { value: { kind: "duration", nanos: 5e9 } },
          ],
        },
      ],
    ],
  ])("%s", (text, expected) => expect(annotated(text)).toEqual(expected));

  test("stand before everything that has a name", () => {
    const text = "@x enum E { @x A = 0; } @x union U { @x a: T = 1; } @x service S { @x m(@x p: T); }";
    expect(JSON.stringify(declarations(text)).match(/"name":"x"/g)).toHaveLength(7);
  });
});

describe("keywords are names wherever they can be", () => {
  const keywords =
    "package import as const alias enum struct message union error service annotation on reserved to stream throws map true false".split(
      " ",
    );

  test.each(keywords)("%s", (word) => {
    expect(members(`${word}: ${word} = 1;`)).toEqual([field(word, named(word), 1)]);
    expect(members(`${word}?: ${word}[] = 1;`)).toEqual([{ ...field(word, list(named(word)), 1), optional: true }]);
    expect(
      method(`${word}(${word}: ${word}, other?: ${word}) -> ${word} throws ${word}, ${word}.${word};`),
    ).toMatchObject({ name: word, result: { stream: false, type: named(word) }, throws: [word, `${word}.${word}`] });
    expect(method(`m(stream ${word}) -> stream ${word};`)).toMatchObject({
      parameters: { element: named(word) },
      result: { stream: true, type: named(word) },
    });
    expect(
      declarations(
        `enum ${word} { ${word} = 1; } message ${word} {} const ${word}: ${word} = ${word}.${word}; alias ${word} = ${word}; annotation ${word}(${word}: ${word}) on ${word};`,
      ),
    ).toMatchObject(["enum", "message", "const", "alias", "annotation"].map((kind) => ({ kind, name: word })));
    expect(single(`@${word}(${word}: 1) alias A = u8;`)).toMatchObject({
      annotations: [{ name: word, arguments: [{ name: word }] }],
    });
    expect(shape(readClean(`package ${word}.${word}; import "x" as ${word};`))).toMatchObject({
      packages: [{ name: `${word}.${word}` }],
      imports: [{ alias: word }],
    });
  });
});

test("layout does not matter", () => {
  const text =
    'package p;@a(1)message M{@b x?:map<string,u8[]>=1;reserved 2,3 to 4,"o";}service S{@c m(stream A)->stream B throws C;}';
  const spread = text.replaceAll(/[;@(){}:?<>,=[\]]|->|\bto\b/g, "\r\n\t $& /* , */ // ;\n");
  expect(shape(readClean(spread).declarations)).toEqual(shape(readClean(text).declarations));
});

test("what the checker refuses is no concern of the grammar", () => {
  expect(read("package p; message M { a: M = 0; a: u8 = 99999999999999999999; reserved 5 to 1; }").findings).toEqual(
    [],
  );
});
