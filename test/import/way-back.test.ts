/** From our language to protobuf and again: names and numbers stay, and protoc takes what stands between. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compile, type CompileOptions } from "../../src/compile.js";
import type { CompileResult } from "../../src/compiler.js";
import { importProtos } from "../../src/import.js";
import { annotationsIdl } from "../../src/import/annotations-idl.js";
import { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Declaration, Enum, Field, Schema, TypeRef, Union } from "../../src/ir/schema.js";
import { missingProtoc, refusals } from "../corpus/protoc.js";
import { describeUnless } from "../left-out.js";
import { sourcesOf, type Declaration as Model, type Field as FieldModel, type Program } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";

/** What names look like that a custom of protobuf or of ours would write otherwise. */
const ENDINGS = ["", "Of", "_of", "OfURL", "2", "_2_y", "A1", "_", "__z"] as const;

/** A program whose fields have such names, some of which are one in protobuf. */
function renamed(program: Program, random: Random): Program {
  const fieldsOf = (fields: readonly FieldModel[]): FieldModel[] => {
    const names = new Set<string>();
    while (names.size < fields.length) names.add(`${random.chance(0.1) ? "_" : ""}${random.pick(["value", "a", ...fields.map(({ name }) => name)])}${random.pick(ENDINGS)}`);
    return fields.map((field, at) => ({ ...field, name: [...names][at] ?? field.name }));
  };
  const declarations = program.declarations.map((each): Model => {
    if (each.kind === "service") return { ...each, methods: each.methods.map((method) => ({ ...method, fields: fieldsOf(method.fields) })) };
    return "fields" in each && each.kind !== "error" ? { ...each, fields: fieldsOf(each.fields) } : each;
  });
  return { ...program, declarations };
}

function compiled(options: CompileOptions): CompileResult & { readonly schema: Schema } {
  const result = compile({ root: ".", targets: ["proto"], ...options });
  expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return result as CompileResult & { readonly schema: Schema };
}

/** There, and again: what was imported is compiled. */
function again(texts: ReadonlyMap<string, string>): Schema {
  const { outputs, diagnostics } = importProtos([...texts.keys()], (name) => {
    const text = texts.get(name);
    return text === undefined ? undefined : { path: name, text };
  });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return compiled({ sources: Object.fromEntries(outputs.map(({ path, text }) => [path, text])) }).schema;
}

/** By full name, what a declaration's names are with their numbers. A union is the field `value` of a message, unless it is the oneof of a field. */
function facts(schema: Schema, isOneof: (union: Union) => boolean): Map<string, readonly string[]> {
  const index = new SchemaIndex(schema);
  const unionOf = (type: TypeRef) => {
    const concrete = index.concrete(type);
    return concrete.kind === "declared" && concrete.declaration.kind === "union" && isOneof(concrete.declaration) ? concrete.declaration : undefined;
  };
  const lines = (fields: readonly Field[]): string[] =>
    fields.flatMap(({ wireName, number, type }) => unionOf(type)?.members.map((each) => `${wireName.replace(/^value_+$/, "value")}.${each.wireName} = ${each.number}`) ?? [`${wireName} = ${number}`]);
  const factsOf = (each: Declaration): readonly string[] | undefined => {
    switch (each.kind) {
      case "message":
      case "struct":
      case "error":
        return lines(each.fields).sort();
      case "union":
        return isOneof(each) ? undefined : each.members.map(({ wireName, number }) => `value.${wireName} = ${number}`).sort();
      case "enum":
        return each.members.map((member) => `${memberName(each, member.name)} = ${member.number}`).sort();
      case "service":
        return each.methods.map(({ path, semantics, result, parameters }) => `${path} ${semantics} ${parameters.kind} ${result?.stream}`);
      default:
        return undefined;
    }
  };
  return new Map(schema.files.flatMap(({ declarations }) => declarations.flatMap((each) => [[each.fullName, factsOf(each)] as const])).filter((entry): entry is [string, readonly string[]] => entry[1] !== undefined));
}

/** Where names of members meet in a package, the enum's stands before them. */
function memberName(type: Enum, name: string): string {
  return name.replace(new RegExp(`^${type.name}_`, "i"), "");
}

function proto(seed: number): { readonly schema: Schema; readonly texts: ReadonlyMap<string, string> } {
  const random = new Random(seed);
  const { schema, outputs } = compiled({ sources: sourcesOf(renamed(randomProgram(random), random)) });
  return { schema, texts: new Map(outputs.map(({ path, text }) => [path, text])) };
}

/** Something of everything that protobuf says otherwise, or not at all. */
const shop = `package shop;
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
union Due { id: string = 1; day: u32 = 2; }
message Bill { id?: Due = 1; reserved 2; }
union Way { note: string = 2; post: bool = 3; }
message Sent { note: string = 1; way?: Way = 2; reserved 3; }
service Orders {
  @readonly get(id: Id, limit?: u32) -> Order throws Gone;
  @exactlyOnce put(request: Order);
  @idempotent tags() -> string[];
  watch(stream u8) -> stream Pay;
}
`;

test("what protobuf cannot say is told", () => {
  const { diagnostics, outputs } = compiled({ sources: { "shop/orders.idl": shop } });
  expect(diagnostics.filter(({ code }) => code === "RPC8020").length).toBeGreaterThan(3);
  const text = outputs[0]?.text ?? "";
  expect(text).toContain("rpc put(.shop.Order) returns (.google.protobuf.Empty)");
  expect(text).toContain("B_UNKNOWN = 0;");
  const kept = compile({ sources: { "a.idl": "package a;\nmessage M { a: u32 = 19000; }" }, targets: ["proto"] });
  expect(kept.diagnostics.map(({ code }) => code)).toContain("RPC8021");
});

test("what protobuf cannot say is told where it stands, also below a folder that outputs do not have", () => {
  const { diagnostics } = compile({ sources: { "idl/shop.idl": "package shop;\n\nconst A: u8 = 1;\nconst B: u8 = 2;\n" }, targets: ["proto"] });
  expect(diagnostics.map(({ code, file, line, column }) => ({ code, file, line, column }))).toEqual([{ code: "RPC8020", file: "idl/shop.idl", line: 3, column: 7 }]);
});

test("a union whose name would not come back from a oneof has a message around it", () => {
  const texts = (name: string) => compiled({ sources: { "a.idl": `package a;\nunion U { x: u8 = 1; }\nmessage M { ${name}?: U = 1; }\n` } }).outputs.map(({ text }) => text).join("\n");
  expect(texts("aZ")).toContain("oneof a_z {");
  for (const name of ["a__z", "a_z", "value_2_y"]) expect(texts(name)).toContain(`U ${name} = 1`);
});

test("names and numbers of random schemas stay", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { schema, texts } = proto(seed);
      const has = facts(again(texts), () => true);
      const had = facts(schema, ({ fullName }) => !has.has(fullName));
      for (const [name, lines] of had) expect({ [name]: has.get(name) }).toEqual({ [name]: lines });
    }),
    { numRuns: 50 },
  );
});

describeUnless(missingProtoc, "protoc", () => {
  test("takes random schemas", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect([...refusals(proto(seed).texts)]).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("takes what it says otherwise, or not at all", () => {
    const { outputs } = compiled({ sources: { "shop/orders.idl": shop } });
    expect([...refusals(new Map(outputs.map(({ path, text }) => [path, text])))]).toEqual([]);
  });

  test("takes what is written for a name, a type or a reserved name that cannot be one, which is told", () => {
    const { outputs, diagnostics } = compiled({
      sources: {
        "rpcgen/proto.idl": annotationsIdl,
        "shop/memory.idl": `package shop;
import "../rpcgen/proto.idl" as proto;
@proto.name("Bad Name") message Order {
  @proto.name("no name; }") a: u32 = 1; @proto.type("evil") b: u32 = 2; @proto.key("float") c: map<u32, u32> = 3; @proto.name("B") d: u32 = 4;
  @proto.type("string") e: u32 = 5; @proto.type("google.protobuf.Nope") g: u32 = 7; @proto.type("sint32") h: string = 8;
  @proto.type("google.protobuf.StringValue") i: u32 = 9; @proto.type("fixed32") kept: u32 = 10; @proto.type("google.protobuf.UInt32Value") around: u32 = 11;
  three: Three = 12; inner: Inner = 13; two: Two = 14;
  reserved 20, "b c", "x\\"y", "gone";
}
@proto.name("Order") message Two { a: u32 = 1; }
@proto.name("Order") message Also { a: u32 = 1; }
@proto.name("Gone.Three") message Three { a: u32 = 1; }
@proto.name("Two.Inner") message Inner { a: u32 = 1; }
message Out { inner: Within = 1; }
@proto.name("Out.Within") message Within { a: u32 = 1; }
enum Level { A = 0; a = 1; LEVEL_A = 2; a_2 = 3; reserved 9, "a b"; }
`,
      },
    });
    const text = outputs.find(({ path }) => path === "shop/memory.proto")?.text ?? "";
    expect([...refusals(new Map([["shop/memory.proto", text]]))]).toEqual([]);
    expect(text).toContain("  fixed32 kept = 10;\n  .google.protobuf.UInt32Value around = 11;\n");
    expect(text).toContain("message Out {\n  .shop.Out.Within inner = 1;\n\n  message Within {\n");
    const told = diagnostics.map(({ message }) => message);
    expect(told).toContain('Protobuf cannot say what "@proto.name" remembers and the output is without it, 6 times in this file.');
    expect(told).toContain('Protobuf cannot say what "@proto.type" remembers and the output is without it, 5 times in this file.');
    expect(told).toContain('Protobuf cannot say what "@proto.key" remembers and the output is without it.');
    expect(told).toContain("Protobuf cannot say that what could not be a name there is reserved and the output is without it, 2 times in this file.");
  });

  test("says what it refuses", () => {
    expect([...refusals(new Map([["a.proto", 'syntax = "proto3";\nmessage M { Gone g = 1; }\n']]))]).toEqual([["a.proto", '"Gone" is not defined.']]);
  });
});
