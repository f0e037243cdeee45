/** No text of a schema gets out of the comment or literal that it stands in. */
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { typescript } from "../../src/emit/typescript/index.js";
import type { Schema } from "../../src/ir/schema.js";
import * as build from "./schema-builders.js";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        "*/",
        "/*",
        "//",
        "'",
        '"',
        "`",
        "${x}",
        "\\",
        "\n",
        "\r",
        "\u2028",
        "\u2029",
        "\0",
        "\ud800",
        "\u202e",
        "@ts-ignore",
        "@ts-expect-error",
        "<!--",
        "-->",
        "é漢😀",
        " ",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

interface Texts {
  readonly doc?: string;
  readonly deprecated?: string;
}

function everywhere(texts: Texts): Schema {
  const field = (name: string) => build.field(name, build.scalar("string"), texts);
  return build.schema({
    ...build.schemaFile([
      build.constant("LIMIT", build.scalar("u32"), { kind: "int", value: "1" }, texts),
      build.enumeration("Status", ["A"], {
        ...texts,
        members: build.enumeration("Status", ["A"]).members.map((member) => ({ ...member, ...texts })),
      }),
      build.alias("Id", build.scalar("string"), texts),
      build.message("Order", [field("id")], texts),
      build.union("Payment", [field("iban")], texts),
      build.error("Failed", [field("why")], texts),
      build.service("Orders", [build.method("get", { ...texts, parameters: build.parameters(field("id")) })], texts),
    ]),
    ...(texts.doc !== undefined && { doc: texts.doc }),
  });
}

/** The code of each output, less its comments and the text of the schema, as TypeScript reads it. */
function codeOf(schema: Schema): string[] {
  const printer = ts.createPrinter({ removeComments: true });
  return build
    .emitFile(typescript, schema)
    .outputs.map(({ path, text }) => printer.printFile(withoutTemplates(parsed(path, text))).replace(/\s+/g, " "));
}

/** Only whole templates are emptied: one that runs code stays. */
function withoutTemplates(source: ts.SourceFile): ts.SourceFile {
  const { transformed } = ts.transform(source, [
    (context) => {
      const visit = (node: ts.Node): ts.Node =>
        ts.isNoSubstitutionTemplateLiteral(node) ? ts.factory.createStringLiteral("") : ts.visitEachChild(node, visit, context);
      return (file) => ts.visitEachChild(file, visit, context);
    },
  ]);
  return transformed[0] ?? source;
}

function parsed(path: string, text: string): ts.SourceFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const { commentDirectives, parseDiagnostics } = source as unknown as {
    commentDirectives?: unknown[];
    parseDiagnostics: unknown[];
  };
  expect(parseDiagnostics).toEqual([]);
  expect(commentDirectives ?? []).toEqual([]);
  return source;
}

describe("documentation", () => {
  const plain = codeOf(everywhere({}));

  test("changes no code, whatever it says", () => {
    fc.assert(
      fc.property(hostile, hostile, (doc, deprecated) => {
        expect(codeOf(everywhere({ doc, deprecated }))).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });

  test("is kept as it was written where it does no harm", () => {
    const { outputs } = build.emitFile(typescript, everywhere({ doc: "An `id`.\n\n    code(1 * 2)\n\n- a\n- b" }));
    const types = outputs.find(({ path }) => path === "orders.types.ts")?.text;
    expect(types).toContain(
      "/**\n * An `id`.\n *\n *     code(1 * 2)\n *\n * - a\n * - b\n */\nexport type Id = string;",
    );
  });
});

describe("strings", () => {
  /** The initializer of `export const TEXT = …`, as TypeScript reads it. */
  function written(value: string): string | undefined {
    const schema = build.schema(
      build.schemaFile([build.constant("TEXT", build.scalar("string"), { kind: "string", value })]),
    );
    const file = build.emitFile(typescript, schema).outputs.find(({ path }) => path === "orders.types.ts");
    const [statement, ...others] = parsed("orders.types.ts", file?.text ?? "").statements;
    if (statement === undefined || !ts.isVariableStatement(statement) || others.length > 0) return undefined;
    const initializer = statement.declarationList.declarations[0]?.initializer;
    return initializer !== undefined && ts.isStringLiteral(initializer) ? initializer.text : undefined;
  }

  test("are the constants that the schema has, whatever they hold", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(written(value)).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  test("show no character that cannot be seen", () => {
    const schema = build.schema(
      build.schemaFile([
        build.constant("TEXT", build.scalar("string"), { kind: "string", value: "\u202e\u2028\0\u200b\ufeff" }),
      ]),
    );
    const text = build
      .emitFile(typescript, schema)
      .outputs.map((output) => output.text)
      .join("");
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

test("the path of the source stays within its comment", () => {
  const schema = build.schema(build.schemaFile([], "a\nimport x;\u2028b.idl"));
  const { outputs } = build.emitFile(typescript, schema, "a\nimport x;\u2028b.idl");
  expect(new Set(outputs.map(({ text }) => text.split("\n")[0]))).toEqual(
    new Set(["// Generated by rpcgen from a import x; b.idl. Do not edit."]),
  );
});

test("a default of minus zero is told as what it is", () => {
  const { outputs } = compile({ sources: { "a.idl": "package a;\nmessage M { @default(-0.0) a: f64 = 1; }\n" }, targets: ["ts"] });
  expect(outputs.map(({ text }) => text).join("")).toContain("/** Default: -0. */");
});
