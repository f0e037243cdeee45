/** Mistakes: each is found once, at its place, and what stands around it is read all the same. */
import { describe, expect, test } from "vitest";
import type { MessageNode, ServiceNode } from "../../src/parser/ast.js";
import { parse } from "../../src/parser/parse.js";
import { SourceFile } from "../../src/text/source-file.js";
import { read, shape } from "./reading.js";

const names = (text: string) => read(text).file.declarations.map((node) => node.name.text);

/** Twenty mistakes of as many kinds; the places at which they are marked with a caret in the line below. */
const twenty = `package city.orders
                   ^
import money from "./money.idl";
       ^
mesage Order {
^
  id: string = 1
                ^
  string name = 2;
  ^
  repeated string tags = 3;
  ^
  note: string? = 4;
              ^
  size = u32 = 5;
       ^
  weight = 6: u32;
           ^
  color: = 7;
         ^
  height: f64 = 8,
                 ^
  width$: f64 = 9;
       ^
  depth: f64 = 1__0;
                ^
  label: list<string> = 11;
         ^
}
enum Status { UNKNOWN = 0; OPEN; }
                           ^
const GREETING: string = "a\\qb";
                           ^
message Lost {
  a: u8 = 1;

service Orders {
^
  rpc get(id: string) -> Order;
  ^
  list(id: string) returns (Order);
                   ^
  find(id: string,, to: u8) -> Order;
                  ^
}
message Found { x: u8 = 1; }
`;

test("twenty mistakes in one file", () => {
  const lines: string[] = [];
  const places: string[] = [];
  for (const line of twenty.split("\n")) {
    if (/^ *\^$/.test(line)) places.push(`${lines.length}:${line.indexOf("^") + 1}`);
    else lines.push(line);
  }
  const { file, findings } = read(lines.join("\n"));
  expect(findings.map((found) => found.split(" ")[0])).toEqual(places);
  expect(places).toHaveLength(20);
  expect(file.declarations.map((node) => node.name.text)).toEqual([
    "Order",
    "Status",
    "GREETING",
    "Lost",
    "Orders",
    "Found",
  ]);
  expect((file.declarations[0] as MessageNode).fields.map((field) => field.name.text)).toEqual([
    "id",
    "name",
    "tags",
    "note",
    "size",
    "weight",
    "height",
    "width",
    "depth",
    "label",
  ]);
});

describe("one mistake in a member is one finding, and its neighbours are read", () => {
  test.each([
    // A mark that is wrong or missing
    ["b = u8 = 2;", "3:5 RPC1101", 'Expected ":" after the name of the field, but found "=".'],
    ["b u8 = 2;", "3:5 RPC1101", 'Expected ":" after the name of the field, but found "u8".'],
    ["b: u8 : 2;", "3:9 RPC1101", 'Expected "=" before the number of the field, but found ":".'],
    ["b: u8 2;", "3:9 RPC1101", 'Expected "=" before the number of the field, but found "2".'],
    ["b: u8 = 2,", "3:12 RPC1101", 'Expected ";" after the field, but found ",".'],
    ["b: u8 = 2", "3:12 RPC1102", '";" is missing after the field.'],
    ["b: u8 = 2;;", "3:13 RPC1105", 'This ";" is one too many.'],
    ["b: u8 = 2 3;", "3:13 RPC1101", 'Expected ";" after the field, but found "3".'],
    ["b: u8 = = 2;", "3:11 RPC1101", 'Expected the number of the field, but found "=".'],
    ["b: u8 = ;", "3:11 RPC1101", 'Expected the number of the field, but found ";".'],
    ["b: u8 =", "3:10 RPC1101", 'Expected the number of the field, but found "c".'],
    ["b: u8 = x;", "3:11 RPC1101", 'Expected the number of the field, but found "x".'],
    // A type that is wrong or missing
    ["b: = 2;", "3:6 RPC1101", 'Expected the type of the field, but found "=".'],
    ["b: ;", "3:6 RPC1101", 'Expected the type of the field, but found ";".'],
    ["b:", "3:5 RPC1101", 'Expected the type of the field, but found "c".'],
    ["b;", "3:4 RPC1101", 'Expected ":" after the name of the field, but found ";".'],
    ["b = 2;", "3:5 RPC1101", 'Expected ":" and the type of the field, but found "=".'],
    ["b: u8[4] = 2;", "3:9 RPC1101", 'Expected "]" (lists have no fixed length), but found "4".'],
    [
      "b: map<string> = 2;",
      "3:16 RPC1101",
      'Expected "," between the types of a map\'s keys and values, but found ">".',
    ],
    ["b: map<string, u8 = 2;", "3:21 RPC1101", 'Expected ">" after the type of the map\'s values, but found "=".'],
    ["b: a. = 2;", "3:9 RPC1101", 'Expected a name after ".", but found "=".'],
    // A name that is wrong or missing
    [": u8 = 2;", "3:3 RPC1101", 'Expected a field, but found ":".'],
    ['"b": u8 = 2;', "3:3 RPC1101", 'Expected a field, but found the text "b".'],
    ["2: u8 b;", "3:3 RPC1101", 'Expected a field, but found "2".'],
    // Annotations
    ["@min(1 b: u8 = 2;", "3:10 RPC1101", 'Expected "," between two items, but found "b".'],
    ["@min(1", "3:9 RPC1101", 'Expected ")" after the arguments of the annotation, but found "c".'],
    ["@min(1,,2) b: u8 = 2;", "3:10 RPC1105", 'This "," is one too many.'],
    ["@min(a = 1) b: u8 = 2;", "3:10 RPC1101", 'Expected ":" after the name of the argument, but found "=".'],
    ["@min(:) b: u8 = 2;", "3:8 RPC1101", 'Expected ")" after the arguments of the annotation, but found ":".'],
    ["@() b: u8 = 2;", "3:4 RPC1101", 'Expected the name of an annotation, but found "(".'],
    // Habits
    ["optional u8 b = 2;", "3:3 RPC1201", undefined],
    ["required u8 b = 2;", "3:3 RPC1201", undefined],
    ["repeated a.B b = 2;", "3:3 RPC1201", undefined],
    ["u8 b = 2;", "3:3 RPC1202", undefined],
    ["map<string, u8> b = 2;", "3:3 RPC1202", undefined],
    ["b = 2: u8;", "3:7 RPC1203", undefined],
    ["b: u8 = 2 @min(1);", "3:13 RPC1204", undefined],
    ["b: u8? = 2;", "3:8 RPC1207", undefined],
    ["b: u8?[] = 2;", "3:8 RPC1207", undefined],
    ["b: list<u8> = 2;", "3:6 RPC1208", undefined],
    ["b: [u8] = 2;", "3:6 RPC1208", undefined],
    ["b: u8 = 2 [deprecated = true];", "3:13 RPC1209", undefined],
    ["reserved b;", "3:12 RPC1211", undefined],
    ['b: u8 = "x";', "3:11 RPC1212", undefined],
    ["reserved 2-3;", "3:13 RPC1213", undefined],
    ["message B { x: u8 = 1; }", "3:3 RPC1216", undefined],
    // Characters
    ["b$: u8 = 2;", "3:4 RPC1001", undefined],
    ["b: u8 = 2; €", "3:14 RPC1001", undefined],
    ["b-c: u8 = 2;", "3:4 RPC1001", undefined],
    ["b: u$8 = 2;", "3:7 RPC1001", undefined],
    ["bé: u8 = 2;", "3:4 RPC1002", undefined],
    ["😀: u8 = 2;", "3:3 RPC1002", undefined],
    ["b: u8 = 2; # note", "3:14 RPC1010", undefined],
  ])("%s", (line, expected, message) => {
    const { file, findings, messages } = read(`message M {\n  a: u8 = 1;\n  ${line}\n  c: u8 = 3;\n}\nmessage N {}\n`);
    expect(findings).toEqual([expected]);
    if (message !== undefined) expect(messages).toEqual([message]);
    const outer = file.declarations.find((node) => node.name.text === "M") as MessageNode;
    const fields = outer.fields.map((field) => field.name.text);
    expect([fields[0], fields.at(-1)]).toEqual(["a", "c"]);
    expect(file.declarations.at(-1)?.name.text).toBe("N");
  });
});

describe("one mistake in a method is one finding, and its neighbours are read", () => {
  test.each([
    ["b(x: u8) -> R", "3:16 RPC1102"],
    ["b(x: u8 -> R;", "3:11 RPC1101"],
    ["b(x: u8;", "3:10 RPC1101"],
    ["b(x: u8", "3:10 RPC1101"],
    ["b x: u8);", "3:5 RPC1101"],
    ["b;", "3:4 RPC1101"],
    ["b -> R;", "3:5 RPC1101"],
    ["b(x u8);", "3:7 RPC1101"],
    ["b(x:);", "3:7 RPC1101"],
    ["b(x: u8 y: u8);", "3:11 RPC1101"],
    ["b(x: u8; y: u8);", "3:10 RPC1101"],
    ["b(, x: u8);", "3:5 RPC1105"],
    ["b(x: u8,, y: u8);", "3:11 RPC1105"],
    ["b(u8 x);", "3:5 RPC1202"],
    ["b(R);", "3:5 RPC1214"],
    ["b(a.R[], x: u8);", "3:5 RPC1214"],
    ["b(1, x: u8);", "3:5 RPC1101"],
    ["b(stream A, stream B);", "3:15 RPC1101"],
    ["b(streem A) -> R;", "3:5 RPC1106"],
    ["b() -> streem R;", "3:10 RPC1106"],
    ["b() -> ;", "3:10 RPC1101"],
    ["b() -> R throw E;", "3:12 RPC1106"],
    ["b() -> R raises E;", "3:12 RPC1106"],
    ["b() -> R throws;", "3:18 RPC1101"],
    ["b() throws E,;", "3:16 RPC1101"],
    ["b() returns R;", "3:7 RPC1206"],
    ["b(): R;", "3:6 RPC1206"],
    ["b() => R;", "3:7 RPC1206"],
    ["b() R;", "3:7 RPC1101"],
    ["b() -> (R);", "3:10 RPC1105"],
    ["R b(x: u8);", "3:3 RPC1215"],
    ["rpc b(R) returns (stream R);", "3:3 RPC1205"],
    ["rpc b(R) returns (R) {}", "3:3 RPC1205"],
    ["fn b();", "3:3 RPC1205"],
    ["b() { return 1; }", "3:7 RPC1210"],
  ])("%s", (line, expected) => {
    const { file, findings } = read(`service S {\n  a();\n  ${line}\n  c();\n}\nmessage N {}\n`);
    expect(findings).toEqual([expected]);
    const methods = (file.declarations[0] as ServiceNode).methods.map((method) => method.name.text);
    expect([methods[0], methods.at(-1), file.declarations.at(-1)?.name.text]).toEqual(["a", "c", "N"]);
  });

  test("a broken parameter leaves the others of its list", () => {
    const { file, findings } = read("service S {\n  a(\n    x: ,\n    y: u8,\n    z:\n  ) -> R;\n}");
    expect(findings).toEqual(["3:8 RPC1101", "5:7 RPC1101"]);
    expect(shape((file.declarations[0] as ServiceNode).methods)).toMatchObject([
      { parameters: { fields: [{ name: "y" }] }, result: { type: { name: "R" } } },
    ]);
  });
});

describe("one mistake in an enum is one finding", () => {
  test.each([
    ["B;", "3:3 RPC1109"],
    ["B,", "3:3 RPC1109"],
    ["B", "3:3 RPC1109"],
    ["B: 1;", "3:4 RPC1101"],
    ["B 1;", "3:5 RPC1101"],
    ["B = 1,", "3:8 RPC1101"],
    ["B = ;", "3:7 RPC1101"],
    ["B = x;", "3:7 RPC1101"],
    ["reserved 5..7;", "3:13 RPC1007"],
    ["reserved;", "3:11 RPC1101"],
  ])("%s", (line, expected) => {
    const { file, findings } = read(`enum E {\n  A = 0;\n  ${line}\n  C = 3;\n}\nmessage N {}\n`);
    expect(findings).toEqual([expected]);
    const [first] = file.declarations;
    const members = first?.kind === "enum" ? first.members.map((member) => member.name.text) : [];
    expect([members[0], members.at(-1), file.declarations.at(-1)?.name.text]).toEqual(["A", "C", "N"]);
  });

  test("members without a number get the free ones", () => {
    const { file, helps } = read("enum E { A, B = 1, C, reserved 3 to 5; D }");
    expect(shape(file.declarations)).toMatchObject([
      { members: [{ number: 0 }, { number: 1 }, { number: 2 }, { number: 6 }] },
    ]);
    expect(helps.filter((help) => help?.includes("= "))).toEqual([
      "write `A = 0;`",
      "write `C = 2;`",
      "write `D = 6;`",
    ]);
  });
});

describe("one mistake in a declaration is one finding, and the next is read", () => {
  test.each([
    ["mesage M { a: u8 = 1; }", "1:1 RPC1106"],
    ["Message M { a: u8 = 1; }", "1:1 RPC1106"],
    ["enumm M { A = 0; }", "1:1 RPC1106"],
    ["servce M { a(); }", "1:1 RPC1106"],
    ["class M { a: u8 = 1; }", "1:1 RPC1106"],
    ["type M = u8;", "1:1 RPC1106"],
    ["cosnt M: u8 = 1;", "1:1 RPC1106"],
    ["M { a: u8 = 1; }", "1:1 RPC1108"],
    ["widget M { a: u8 = 1; }", "1:1 RPC1108"],
    ['syntax = "proto3";', "1:1 RPC1108"],
    ["message { a: u8 = 1; }", "1:9 RPC1101"],
    ["message M a: u8 = 1; }", "1:11 RPC1101"],
    ["message M\n  a: u8 = 1;\n}", "1:10 RPC1101"],
    ["message M;", "1:10 RPC1101"],
    ["message M extends B { a: u8 = 1; }", "1:11 RPC1101"],
    ["message M<T> { a: u8 = 1; }", "1:10 RPC1101"],
    ["message M { a: u8 = 1; };", "1:25 RPC1105"],
    ["message M { a: u8 = 1; }}", "1:25 RPC1104"],
    ["message M {\n  a: u8 = 1;\n  }\n  b: u8 = 2;\n}", "4:3 RPC1101"],
    ["message M {\n  a: u8 = 1;\n", "4:1 RPC1103"],
    ["const M = 1;", "1:9 RPC1101"],
    ["const M: = 1;", "1:10 RPC1101"],
    ["const M: u8;", "1:12 RPC1101"],
    ["const M: u8 = ;", "1:15 RPC1101"],
    ["const M: u8 = 1", "1:16 RPC1102"],
    ["const u8 M = 1;", "1:7 RPC1202"],
    ["alias M: u8;", "1:8 RPC1101"],
    ["alias M u8;", "1:9 RPC1101"],
    ["alias M = ;", "1:11 RPC1101"],
    ["alias = u8;", "1:7 RPC1101"],
    ["import ./a.idl;", "1:9 RPC1001"],
    ["import a;", "1:8 RPC1101"],
    ['import "a" as;', "1:14 RPC1101"],
    ['import "a"', "1:11 RPC1102"],
    ['package "a.b";', "1:9 RPC1101"],
    ["package a.;", "1:11 RPC1101"],
    ["package a", "1:10 RPC1102"],
    ["annotation m(a: u8);", "1:20 RPC1101"],
    ["annotation m(a: u8) on;", "1:23 RPC1101"],
    ["annotation m(stream A) on message;", "1:21 RPC1101"],
    ['@a import "a";', "1:1 RPC1111"],
    [", ", "1:1 RPC1101"],
    ["a: u8 = 1;", "1:1 RPC1101"],
    ["hello world, this is not an IDL.", "1:1 RPC1108"],
  ])("%s", (text, expected) => {
    expect(read(`${text}\nmessage N { a: u8 = 1; }\n`).findings).toEqual([expected]);
    expect(names(`${text}\nmessage N { a: u8 = 1; }\n`)).toContain("N");
  });

  test("a misspelt or headless declaration keeps its name for those that refer to it", () => {
    expect(
      names(
        "mesage A {} class B {} message C extends D {} const E = 1; const u8 F = 1; alias G: u8; message H; message I {",
      ),
    ).toEqual("ABCEFGI".split(""));
  });

  test("what stands inside of another is read as if it stood beside it", () => {
    const { file, findings } = read(
      "message A {\n  enum B { X = 0; }\n  message C { message D {} c: u8 = 1; }\n  a: u8 = 1;\n}\n",
    );
    expect(findings).toEqual(["2:3 RPC1216", "3:3 RPC1216", "3:15 RPC1216"]);
    expect(file.declarations.map((node) => node.name.text)).toEqual(["A", "B", "C", "D"]);
    expect((file.declarations[0] as MessageNode).fields).toHaveLength(1);
  });

  test("every missing brace is found, and points to the one it answers", () => {
    const { file, findings } = read("message A {\n  a: u8 = 1;\nenum B {\n  X = 0;\n@a service C {\n  c();\n");
    expect(findings).toEqual(["3:1 RPC1103", "5:1 RPC1103", "6:7 RPC1103"]);
    expect(file.declarations.map((node) => node.name.text)).toEqual(["A", "B", "C"]);
  });

  test("a file that ends in the middle wants both its marks", () => {
    expect(read("message A { a: u8 = 1").findings).toEqual(["1:22 RPC1102", "1:22 RPC1103"]);
  });
});

describe("help can be pasted", () => {
  test.each([
    ["message M { repeated a.B tags = 3; }", "write `tags: a.B[] = 3`"],
    ["message M { optional string note = 3; }", "write `note?: string = 3`"],
    ["message M { map<string, u8> m = 3; }", "write `m: map<string, u8> = 3`"],
    ["message M { id = 7: string[]; }", "write `id: string[] = 7`"],
    ["message M { id: Map<string, [u8]> = 7; }", "write `map<string, u8[]>`"],
    ["message M { reserved 7-9; }", "write `7 to 9`"],
    ["service S { get(city.Request); }", "write `request: city.Request`"],
    ["import './money.idl';", 'write `"./money.idl"`'],
    ["mesage M {}", 'did you mean "message"?'],
    ["message M { x: “a”; }", 'write `"`'],
  ])("%s", (text, help) => expect(read(text).helps).toContain(help));

  test("fixes mend what they belong to", () => {
    for (const text of [
      "mesage M {}\n",
      "message M { a: u8 = 1 }\n",
      "message M {};\n",
      "service S { a(x: u8,, y: u8); }\n",
      "message M {}}\n",
    ]) {
      expect(read(text).findings).toHaveLength(1);
      expect(read(fixed(text)).findings).toEqual([]);
    }
  });
});

function fixed(text: string): string {
  const { diagnostics } = parse(new SourceFile("test.idl", text));
  const edits = diagnostics.flatMap((found) => found.fix ?? []).sort((a, b) => b.span.start - a.span.start);
  return edits.reduce(
    (mended, { span, text: replacement }) => mended.slice(0, span.start) + replacement + mended.slice(span.end),
    text,
  );
}
