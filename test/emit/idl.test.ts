/** What is printed of a checked schema means the same: the compiler makes that schema of it again. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { printIdl } from "../../src/emit/idl/print-idl.js";
import { canonicalJson } from "../../src/ir/canonical-json.js";
import { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Schema } from "../../src/ir/schema.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";

type Sources = Readonly<Record<string, string>>;

function schemaOf(sources: Sources): Schema {
  const { diagnostics, schema } = compile({ sources, targets: [] });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return schema!;
}

function printed(schema: Schema): Sources {
  const index = new SchemaIndex(schema);
  return Object.fromEntries(schema.files.map((file) => [file.path, printIdl(index, file).text]));
}

/** All but which imports there are and what they are called: who is referred to is in the names. Files by path. */
function meaning({ files }: Schema): string {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return canonicalJson(sorted.map((file) => ({ ...file, imports: [] })));
}

function expectSame(sources: Sources): void {
  const schema = schemaOf(sources);
  const texts = printed(schema);
  const again = schemaOf(texts);
  expect(meaning(again)).toBe(meaning(schema));
  expect(printed(again)).toEqual(texts);
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const folders = ["test/e2e/idl", "test/golden", "examples/city/idl", "examples/pubsub/idl", "test/inspect"];

describe("printed IDL", () => {
  test.each(folders)("of %s", (folder) => {
    const files = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".idl"));
    expect(files).not.toEqual([]);
    expectSame(Object.fromEntries(files.map((file) => [file, readFileSync(path.join(root, folder, file), "utf8")])));
  });

  test("of everything that random programs lack", () => {
    expectSame({
      "a/shared.idl": 'package shared;\n/// Doc.\nmessage Money { @pattern("^a\\"\\\\d$") @length(min: 1, max: 9) cents: string = 1; }\nconst MOST: u32 = 0x10;\nenum Level { LOW = -1; NONE = 0; }\nannotation note(text: string, @default(LOW) level: Level, of?: string[]) on method, member, parameter;\n',
      "b.idl": [
        "///  Indented, and",
        "///",
        "/// two paragraphs.",
        "package b;",
        'import "./a/shared.idl" as other;',
        "const TINY: f64 = -1.5e-7;",
        "const HUGE: f64 = 1e300;",
        "const ZERO: f64 = -0.0;",
        "const LONG: duration = -1h30m;",
        "const BIG: i64 = -9223372036854775808;",
        'const TEXT: string = "a\\n\\u{1f600}\\"";',
        'alias Rows = map<string, other.Money[]>[];',
        '@deprecated @wireName("Old.Name") @tsName("Fresh") message Money { @sensitive a: u32 = 1; }',
        "message Limits { @min(500us) @max(1m) d: duration = 1; @min(0.5) @max(1e25) f: f64 = 2; @max(other.MOST) @default(7) n: u32 = 3; reserved 4, 9 to 11, \"gone\"; }",
        'union Either { @other.note("m", of: ["a", "b"]) a: Money = 1; b: other.Money = 3; reserved 2; }',
        "@code(NOT_FOUND) @retryable error Gone { why: string = 1; }",
        '@idempotent @deadline(1500ms) service Store {',
        '  @readonly @hedge @retry(attempts: 4) @other.note(text: "t", level: NONE, of: []) get(/// Which.',
        '    @min(1) id: u32, reserved 2, @other.note("p") deep?: Rows) -> Money throws Gone;',
        "  put(money: Money = 7, rest: string = 2);",
        "  @exactlyOnce(retain: 36h) pay(e: Either) -> other.Money;",
        '  @atMostOnce @wireName("up") @deprecated("no") upload(stream bytes) -> Either;',
        "  @failStop step();",
        "}",
      ].join("\n"),
    });
  });

  test("stands in a module that no other one imports, so that a client does not carry it", () => {
    const { outputs } = compile({ sources: { "a.idl": "package a;\nmessage A {}\nservice S { get() -> A; }\n", "b.idl": 'package b;\nimport "./a.idl";\nmessage B { a?: a.A = 1; }\n' } });
    const importers = outputs.filter(({ text }) => text.includes(".schema.js")).map(({ path: at }) => at);
    expect(importers).toEqual(["b.schema.ts"]);
  });

  test("of random programs", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectSame(sourcesOf(randomProgram(new Random(seed))))),
      { numRuns: 150 },
    );
  });
});
