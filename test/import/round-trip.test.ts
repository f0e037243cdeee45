/** From protobuf and back: names and numbers stay, and protoc takes what comes out. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { importProtos } from "../../src/import/import-protos.js";
import type { ProtoEnum, ProtoMessage } from "../../src/import/proto-file.js";
import { readProto } from "../../src/import/read-proto.js";
import { SourceFile } from "../../src/text/source-file.js";
import { corpusFolder, corpusNames, readCorpus } from "../corpus/corpus.js";

type Texts = ReadonlyMap<string, string>;

/** There and back, with all files that come along. */
function back(name: string, read: (name: string) => { readonly path: string; readonly text: string } | undefined): Texts {
  const imported = importProtos([name], read);
  expect(imported.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const sources = Object.fromEntries(imported.outputs.map((output) => [output.path, output.text]));
  const { diagnostics, outputs } = compile({ sources, root: ".", targets: ["proto"] });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return new Map(outputs.map((output) => [output.path, output.text]));
}

/** Everything that has a name and a number, and which oneof it is in: "Outer.Inner.field = 3 in kind". */
function facts(name: string, text: string): string[] {
  const result = readProto(new SourceFile(name, text), name);
  if ("reason" in result) throw new Error(`${name}: ${result.reason}\n${text}`);
  const ofEnum = (type: ProtoEnum): string[] => {
    const first = new Map<number, string>();
    for (const { number, name: value } of type.values) if (!first.has(number)) first.set(number, value);
    // An enum without 0 gets one.
    return [...first].filter(([number]) => number !== 0 || first.get(0)?.endsWith("UNSPECIFIED") !== true).map(([number, value]) => `${type.path}.${value} = ${number}`);
  };
  const ofMessage = (type: ProtoMessage): string[] => [
    type.path,
    ...type.fields.map((field) => `${field.path} = ${field.number} ${field.mapKey ?? ""} ${field.type.replace(/^.*\./, "")} in ${field.oneof ?? "none"}${field.presence === "repeated" ? " repeated" : ""}`),
    ...type.nested.flatMap((each) => (each.kind === "message" ? ofMessage(each) : ofEnum(each))),
  ];
  return result.file.declarations
    .flatMap((each) => {
      if (each.kind === "message") return ofMessage(each);
      if (each.kind === "enum") return ofEnum(each);
      return each.methods.map((method) => `${method.path} ${method.requestStream} ${method.request.replace(/^.*\./, "")} ${method.responseStream} ${method.response.replace(/^.*\./, "")}`);
    })
    .sort();
}

/** @throws what protoc says, if it refuses. */
function protoc(texts: Texts): void {
  const folder = mkdtempSync(path.join(tmpdir(), "proto-"));
  try {
    for (const [name, text] of texts) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    execFileSync("protoc", ["-I", folder, "-I", corpusFolder, `--descriptor_set_out=${path.join(folder, "out.pb")}`, ...texts.keys()], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("round trip", () => {
  test.each(["google/pubsub/v1/*.proto", "google/type/*.proto", "google/firestore/v1/*.proto", "google/container/v1/*.proto"])(
    "of %s",
    async (pattern) => {
      const names = await corpusNames(pattern);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const texts = back(name, readCorpus);
        const text = texts.get(name);
        if (text === undefined) throw new Error(`no ${name} among ${[...texts.keys()].join(", ")}`);
        expect(facts(name, text)).toEqual(facts(name, readCorpus(name)?.text ?? ""));
        protoc(texts);
      }
    },
    120_000,
  );

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,3}(_[a-z0-9]{1,3}){0,2}$|^[a-z]{1,3}[A-Z][a-z]{0,3}$/).filter((name) => !/^(option|message|enum|oneof|reserved|extend|extensions|map|group|optional|repeated|required)$/.test(name));
  const scalar = fc.constantFrom("double", "float", "int32", "sint64", "fixed32", "uint64", "bool", "string", "bytes", "M0", "M0.Inner", "E0");
  const field = fc.record({ name: word, type: scalar, label: fc.constantFrom("", "optional ", "repeated ", "map"), oneof: fc.boolean() });

  test("of random messages", () => {
    fc.assert(
      fc.property(fc.uniqueArray(field, { maxLength: 12, selector: ({ name }) => name.replace(/_/g, "").toLowerCase() }), fc.integer({ min: 1, max: 1000 }), (fields, step) => {
        const lines: string[] = [];
        const members: string[] = [];
        for (const [at, { name, type, label, oneof }] of fields.entries()) {
          const number = 1 + ((at * 7) % 12) * step;
          if (oneof) members.push(`    ${type} ${name} = ${number};`);
          else lines.push(`  ${label === "map" ? `map<string, ${type}>` : `${label}${type}`} ${name} = ${number};`);
        }
        const oneof = members.length > 0 ? ["  oneof the_one_of_it {", ...members, "  }"] : [];
        const text = `syntax = "proto3";\npackage p;\nenum E0 { ZERO = 0; ONE = 1; }\nmessage M0 {\n${[...lines, ...oneof].join("\n")}\n  message Inner { M0 outer = 1; enum E { NONE = 0; } E e = 2; }\n}\n`;
        const out = back("a.proto", (name) => (name === "a.proto" ? { path: name, text } : undefined)).get("a.proto") ?? "";
        expect(facts("a.proto", out)).toEqual(facts("a.proto", text));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

test("what began here is taken by protoc, and told what it lost", () => {
  const source = `package shop;
const MOST: u32 = 5;
alias Id = uuid;
enum A { UNKNOWN = 0; ONE = -1; }
enum B { ONE = 1; UNKNOWN = 0; }
struct Point { x: i8; y: f64[][]; }
union Pay { card: string = 1; points: Point[] = 2; }
message Order {
  id: Id = 1;
  pay: Pay = 7;
  grid: map<A, map<string, u8>> = 3;
  at?: timestamp = 4;
  for: duration = 5;
  @length(1, 5) tags?: string[] = 6;
  reserved 9 to 11, "oldName";
}
@code(NOT_FOUND) error Gone { id: string = 1; }
service Orders {
  @readonly get(id: Id, limit?: u32) -> Order throws Gone;
  @exactlyOnce put(request: Order);
  @idempotent tags() -> string[];
  watch(stream u8) -> stream Pay;
}
`;
  const { diagnostics, outputs } = compile({ sources: { "shop/orders.idl": source }, root: ".", targets: ["proto"] });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`).filter((each) => each.startsWith("RPC8020")).length).toBeGreaterThan(3);
  const text = outputs[0]?.text ?? "";
  protoc(new Map([["shop/orders.proto", text]]));
  expect(text).toContain("rpc put(.shop.Order) returns (.google.protobuf.Empty)");
  expect(text).toContain("B_UNKNOWN = 0;");
  const kept = compile({ sources: { "a.idl": "package a;\nmessage M { a: u32 = 19000; }" }, targets: ["proto"] });
  expect(kept.diagnostics.map(({ code }) => code)).toContain("RPC8021");
});
