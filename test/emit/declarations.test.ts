/** The declarations of a schema say what TypeScript itself makes of its modules. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { declarations } from "../../src/emit/typescript/declarations/index.js";
import { typescript } from "../../src/emit/typescript/index.js";
import { arbitrarySchema } from "./arbitrary-schema.js";
import { emitFile } from "./schema-builders.js";

const printer = ts.createPrinter({ removeComments: true });

/** Each exported statement of a declaration file in one spelling, in the order of their text. */
function exportsOf(text: string): string[] {
  const file = ts.createSourceFile("x.d.ts", text, ts.ScriptTarget.ESNext);
  return file.statements
    .filter((statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement))
    .filter((statement) => ts.canHaveModifiers(statement) && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, file))
    // What is one module in one and several in the other gives clashing names other numbers; TypeScript never breaks a tuple or an object, and takes -0 for 0.
    .map((printed) => printed.replace(/\$\d+|globalThis\./g, "").replace(/= -0;/, "= 0;").replace(/\s+/g, " ").replace(/,(?= [\]}])/g, "").replace(/([[{]) | ([\]}])/g, "$1$2"))
    .sort();
}

/** The schema's own module is none of those that a source stands for. */
function declaredByTypeScript(module: { readonly path: string; readonly text: string }): string[] {
  if (module.path.endsWith(".schema.ts")) return [];
  const { outputText, diagnostics } = ts.transpileDeclaration(module.text, {
    fileName: module.path,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, strict: true },
  });
  expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
  return exportsOf(outputText);
}

describe("declarations", () => {
  const files = globSync(["test/e2e/idl/**/*.idl", "examples/*/idl/*.idl", "test/golden/*/*.idl"]);

  test.each(files)("of %s", (file) => {
    const read = (path: string): string => readFileSync(path, "utf8");
    const { outputs, diagnostics } = compile({ files: [file], read, targets: ["ts", "dts"] });
    expect(diagnostics).toEqual([]);
    const all = outputs.filter(({ path }) => path.endsWith(".d.ts")).flatMap(({ text }) => exportsOf(text));
    const wanted = outputs.filter(({ path }) => !path.endsWith(".d.ts")).flatMap(declaredByTypeScript);
    expect(all.sort()).toEqual(wanted.sort());
  });

  test("of names that are not ASCII", () => {
    const sources = {
      "a.idl": 'package a;\nimport "./b.idl";\n@tsName("Größen") service Sizes { @readonly get(size?: Size) -> Size; @atMostOnce put(stream Size); }\n',
      "b.idl": 'package b;\n@tsName("Größe") message Size { a: u32 = 1; }\n',
    };
    const { outputs, diagnostics } = compile({ sources, targets: ["ts", "dts"] });
    expect(diagnostics).toEqual([]);
    const all = outputs.filter(({ path }) => path.endsWith(".d.ts")).flatMap(({ text }) => exportsOf(text));
    expect(all.sort()).toEqual(outputs.filter(({ path }) => !path.endsWith(".d.ts")).flatMap(declaredByTypeScript).sort());
    expect(outputs.find(({ path }) => path === "a.idl.d.ts")?.text).toContain('import type { Größe, GrößeInit } from "./b.idl";');
  });

  test("of whatever schema there is", () => {
    fc.assert(
      fc.property(arbitrarySchema, (schema) => {
        const wanted = emitFile(typescript, schema).outputs.flatMap(declaredByTypeScript).sort();
        const found = emitFile(declarations, schema).outputs.flatMap(({ text }) => exportsOf(text));
        expect(found).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });
});
