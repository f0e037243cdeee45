/** Comments are kept, docs find what they describe, and every node knows its place. */
import { describe, expect, test } from "vitest";
import type { DeclarationNode, MessageNode, ServiceNode } from "../../src/parser/ast.js";
import { parse } from "../../src/parser/parse.js";
import { SourceFile } from "../../src/text/source-file.js";
import { placed, read, readClean, shape } from "./reading.js";

const docs = (text: string) => readClean(text).declarations.map((node) => node.doc?.text);

describe("docs", () => {
  test("belong to the package, to declarations, and to every kind of member", () => {
    const file = readClean(`
/// The package.
package p;
/// A constant.
const C: u8 = 1;
/// An enum.
enum E {
  /// Its member.
  A = 0;
}
/// A message.
message M {
  /// Its field.
  f: u8 = 1;
}
/// A union.
union U {
  /// Its member.
  m: u8 = 1;
}
/// A service.
service S {
  /// Its method.
  get(
    /// Its parameter.
    p: u8,
    /// Another.
    q: u8
  );
}
/// An annotation.
annotation a(
  /// Its parameter.
  p: u8
) on message;
`);
    expect(file.doc?.text).toBe("The package.");
    expect(file.declarations.map((node) => node.doc?.text)).toEqual([
      "A constant.",
      "An enum.",
      "A message.",
      "A union.",
      "A service.",
      "An annotation.",
    ]);
    const text = JSON.stringify(shape(file.declarations));
    for (const part of ["Its member.", "Its field.", "Its method.", "Its parameter.", "Another."])
      expect(text).toContain(`"doc":"${part}"`);
    expect(text.match(/"doc":"Its (member|parameter)\."/g)).toHaveLength(4);
    expect(file.comments).toEqual([]);
  });

  test("are joined line by line, less one blank", () => {
    expect(docs("/// First.\n///\n///   indented\n///tight\nalias A = u8;")).toEqual(["First.\n\n  indented\ntight"]);
    expect(docs("/// First.\r\n/// Second.\r\nalias A = u8;\r\n")).toEqual(["First.\nSecond."]);
  });

  test("may stand before, between and behind annotations", () => {
    expect(docs("/// Before.\n@a\n/// Between.\n@b\n/// Behind.\nalias A = u8;")).toEqual([
      "Before.\nBetween.\nBehind.",
    ]);
  });

  test("go through comments and blank lines, and not through code", () => {
    expect(docs("/// A.\n\n// note\n/* note */\nalias A = u8;\nalias B = u8;")).toEqual(["A.", undefined]);
  });

  test("keep whatever they hold", () => {
    expect(docs("/// */ ${x} \u2028 😀 `code` \\u0041\nalias A = u8;")).toEqual(["*/ ${x} \u2028 😀 `code` \\u0041"]);
  });

  test.each([
    ["behind a member", "message M {\n  a: u8 = 1; /// About a.\n  b: u8 = 2;\n}", "2:14"],
    ["behind a brace", "message M { /// About M.\n  a: u8 = 1;\n}", "1:13"],
    ["before a closing brace", "message M {\n  a: u8 = 1;\n  /// Nothing.\n}", "3:3"],
    ["before an import", '/// Nothing.\nimport "a";', "1:1"],
    ["before reserved", "message M {\n  /// Nothing.\n  reserved 1;\n}", "2:3"],
    ["at the end of the file", "alias A = u8;\n/// Nothing.", "2:1"],
  ])("%s they are comments, with a warning", (_where, text, place) => {
    const { file, findings } = read(text);
    expect(findings).toEqual([`${place} RPC1012`]);
    expect(file.comments.map((comment) => comment.text)).toEqual([expect.stringContaining("///")]);
    expect(JSON.stringify(shape(file.declarations))).not.toContain("doc");
  });

  test("a broken member's docs are no second finding", () => {
    expect(read("message M {\n  /// Docs.\n  ?: u8 = 1;\n}").findings).toEqual(["3:3 RPC1101"]);
  });
});

describe("comments", () => {
  test("of all kinds are kept in order, with their slashes", () => {
    const file = readClean("// a\n/* b\n */ package p; /**/ //// ruler\n/** c */ alias A /* d */ = u8; // e");
    expect(file.comments.map((comment) => comment.text)).toEqual([
      "// a",
      "/* b\n */",
      "/**/",
      "//// ruler",
      "/** c */",
      "/* d */",
      "// e",
    ]);
    for (const { text, span } of file.comments) expect(span.end - span.start).toBe(text.length);
  });

  test("hold any character", () => {
    expect(
      readClean("// \u2028 \u2029 \u0000 \ud800 é 😀\n/* \u2028 # ' \" */\nalias A = u8;").declarations,
    ).toHaveLength(1);
  });

  test("without an end take the rest of the file, and cost one finding", () => {
    const { file, findings } = read("alias A = u8;\nmessage M {\n  /* a: u8 = 1;\n}\nalias B = u8;\n");
    expect(findings).toEqual(["3:3 RPC1003"]);
    expect(file.declarations.map((node) => node.name.text)).toEqual(["A", "M"]);
  });
});

describe("line ends and byte order marks", () => {
  const text = "package p;\n\n/// Docs.\nmessage M {\n  a: u8 = 1; // note\n  b: u8\n}\n";
  test.each([
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${text}`],
  ])("%s", (_name, other) => {
    expect(read(other).findings).toEqual(read(text).findings);
    expect(shape(read(other).file)).toEqual(shape(read(text).file));
  });
});

describe("places", () => {
  const text =
    '@a(1)\nmessage Order {\n  /// Docs.\n  @b note?: map<string, a.B[]> = 0x2;\n  reserved 3 to 4, "x";\n}\nservice S {\n  @c get(id: T) -> stream R throws X;\n}\n';
  const at = (span: { start: number; end: number } | undefined) => text.slice(span?.start, span?.end);
  const [order, service] = readClean(text).declarations as [MessageNode, ServiceNode];

  test("declarations reach from their first annotation to their last character", () => {
    expect(at(order.span)).toBe(text.slice(0, text.indexOf("\nservice")));
    expect([at(order.name.span), at(order.annotations[0]?.span), at(order.annotations[0]?.arguments[0]?.span)]).toEqual(
      ["Order", "@a(1)", "1"],
    );
  });

  test("members, and what they consist of", () => {
    const [field] = order.fields;
    expect([
      at(field?.span),
      at(field?.doc?.span),
      at(field?.name.span),
      at(field?.type.span),
      at(field?.number?.span),
    ]).toEqual(["@b note?: map<string, a.B[]> = 0x2;", "/// Docs.", "note", "map<string, a.B[]>", "0x2"]);
    const type = field?.type;
    expect(
      type?.kind === "map" && [
        at(type.key.span),
        at(type.value.span),
        type.value.kind === "list" && at(type.value.element.span),
      ],
    ).toEqual(["string", "a.B[]", "a.B"]);
    const [reserved] = order.reserved;
    expect([at(reserved?.span), at(reserved?.ranges[0]?.span), at(reserved?.names[0]?.span)]).toEqual([
      'reserved 3 to 4, "x";',
      "3 to 4",
      '"x"',
    ]);
  });

  test("methods", () => {
    const [method] = service.methods;
    expect([
      at(method?.span),
      at(method?.parameters.span),
      at(method?.result?.span),
      at(method?.throws[0]?.span),
    ]).toEqual(["@c get(id: T) -> stream R throws X;", "(id: T)", "stream R", "X"]);
  });

  test("children lie inside of their parents", () => {
    const inside = (node: DeclarationNode) => {
      for (const child of placed({ ...node, doc: undefined })) {
        if (text.slice(child.span.start, child.span.end).startsWith("///")) continue;
        expect(child.span.start).toBeGreaterThanOrEqual(node.span.start);
        expect(child.span.end).toBeLessThanOrEqual(node.span.end);
      }
    };
    inside(order);
    inside(service);
  });

  test("every place names its file", () => {
    const { file } = parse(new SourceFile("idl/a.idl", text));
    for (const { span } of placed(file)) expect(span).toMatchObject({ file: "idl/a.idl" });
  });
});
