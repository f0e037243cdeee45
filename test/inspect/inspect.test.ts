/** Inspecting against what generated codecs write and refuse: every byte is accounted for, and the two agree on what is a value. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { inspect } from "../../src/inspect/inspect.js";
import type { Annotation, Inspection } from "../../src/inspect/annotation.js";
import type { Subject } from "../../src/inspect/find-subject.js";
import { render } from "../../src/inspect/render.js";
import { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Declaration, Schema } from "../../src/ir/schema.js";
import * as forms from "../golden/forms/ts/forms.js";
import * as money from "../golden/forms/ts/shared/money.js";
import * as orders from "../golden/orders/ts/orders.js";
import { arbitraryRecord, arbitraryValue } from "./arbitrary-value.js";

interface Codec {
  readonly encode: (value: unknown) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
}
interface Case {
  readonly name: string;
  readonly schema: Schema;
  readonly subject: Subject;
  readonly codec: Codec;
  readonly value: fc.Arbitrary<unknown>;
}

const golden = (path: string): string => readFileSync(new URL(`../golden/${path}`, import.meta.url), "utf8");
/** What was generated from each file. */
const modules = { "forms.idl": forms, "shared/money.idl": money, "orders.idl": orders } as unknown as Readonly<
  Record<string, Readonly<Record<string, Codec>>>
>;

function schemaOf(sources: Record<string, string>): Schema {
  const { schema, diagnostics } = compile({ sources, targets: [] });
  if (schema === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return schema;
}

function casesOf(schema: Schema): Case[] {
  const index = new SchemaIndex(schema);
  return schema.files.flatMap((file) =>
    file.declarations.flatMap(
      (declaration) => caseOf(schema, index, declaration, modules[file.path]?.[`${declaration.name}Codec`]) ?? [],
    ),
  );
}

function caseOf(
  schema: Schema,
  index: SchemaIndex,
  declaration: Declaration,
  codec: Codec | undefined,
): Case | undefined {
  const { kind, name, fullName } = declaration;
  if (codec === undefined) return undefined;
  if (kind === "error") {
    const subject: Subject = { kind: "fields", name: fullName, label: name, fields: declaration.fields };
    return { name: fullName, schema, subject, codec, value: arbitraryRecord(index, declaration.fields) };
  }
  if (kind !== "message" && kind !== "struct" && kind !== "union") return undefined;
  const type = { kind: "named", name: fullName } as const;
  return {
    name: fullName,
    schema,
    subject: { kind: "type", name: fullName, type },
    codec,
    value: arbitraryValue(index, type),
  };
}

const formsSchema = schemaOf({
  "forms.idl": golden("forms/forms.idl"),
  "shared/money.idl": golden("forms/shared/money.idl"),
});
const cases = [...casesOf(formsSchema), ...casesOf(schemaOf({ "orders.idl": golden("orders/orders.idl") }))];

/** Every byte stands in one part, parts and children in order, and no node has what its parent has not. */
function expectPartition({ root, length }: Inspection): void {
  expect([root.start, covered(root, 0)]).toEqual([0, length]);
}

function covered(node: Annotation, from: number): number {
  let at = from;
  for (const part of node.parts) {
    if (part.start !== at || part.end <= at)
      throw new Error(`${node.path} ${node.label}: ${part.kind} from ${part.start} to ${part.end}, not from ${at}`);
    at = part.end;
  }
  if (node.start !== from) throw new Error(`${node.path} ${node.label} starts at ${node.start}, not ${from}`);
  for (const child of node.children) at = covered(child, at);
  if (node.end !== at) throw new Error(`${node.path} ${node.label} ends at ${node.end}, not ${at}`);
  return at;
}

const plain = { dim: String, name: String, value: String, fault: String };

/** What the generated decoder says. */
function isRefused(codec: Codec, bytes: Uint8Array): boolean {
  try {
    codec.decode(bytes);
    return false;
  } catch {
    return true;
  }
}

test("the cases are found", () => expect(cases.length).toBeGreaterThan(20));

describe.each(cases)("$name", ({ schema, subject, codec, value }) => {
  test("a value has no fault, and every byte of it is accounted for", () => {
    fc.assert(
      fc.property(value, fc.boolean(), (each, all) => {
        const bytes = codec.encode(each);
        const inspection = inspect(schema, subject, bytes, { all });
        expect(inspection.fault).toBeUndefined();
        expectPartition(inspection);
        expect(render(inspection, bytes, { paint: plain, all })).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u,
        );
      }),
      { numRuns: 40 },
    );
  });

  test("bytes have a fault where the generated decoder refuses them, and every byte is accounted for", () => {
    const change = fc.record({
      at: fc.nat(),
      to: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)),
      how: fc.constantFrom("set", "insert", "remove", "cut"),
    });
    fc.assert(
      fc.property(value, fc.array(change, { minLength: 1, maxLength: 3 }), (each, changes) => {
        let bytes = [...codec.encode(each)];
        for (const { at: anywhere, to, how } of changes) {
          const at = anywhere % (bytes.length + 1);
          if (how === "cut") bytes = bytes.slice(0, at);
          else bytes.splice(at, how === "insert" ? 0 : 1, ...(how === "remove" ? [] : [to]));
        }
        const input = Uint8Array.from(bytes);
        const inspection = inspect(schema, subject, input);
        expectPartition(inspection);
        expect({ bytes, hasFault: inspection.fault !== undefined }).toEqual({
          bytes,
          hasFault: isRefused(codec, input),
        });
        render(inspection, input, { paint: plain, all: false });
      }),
      { numRuns: 80 },
    );
  });

  test("no prefix of a value is one", () => {
    fc.assert(
      fc.property(value, fc.nat(), (each, length) => {
        const bytes = codec.encode(each);
        const inspection = inspect(schema, subject, bytes.subarray(0, length % bytes.length));
        expectPartition(inspection);
        expect(inspection.fault).toBeDefined();
      }),
      { numRuns: 30 },
    );
  });
});

describe("what is hostile", () => {
  const schema = schemaOf({
    "a.idl":
      "package a;\nmessage Tree { of: Tree[] = 1; }\nmessage Nothing {}\nmessage Many { names: string[] = 1; numbers: u8[] = 2; }\n",
  });
  const inspected = (name: string, bytes: Iterable<number>) =>
    inspect(schema, { kind: "type", name, type: { kind: "named", name: `a.${name}` } }, Uint8Array.from(bytes));

  test("noise of any kind has an end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom("Tree", "Nothing", "Many"), (bytes, name) =>
        expectPartition(inspected(name, bytes)),
      ),
      { numRuns: 2000 },
    );
  });

  test("depth has a limit", () => {
    const deep = [0, ...Array.from({ length: 200_000 }, (_, at) => [0x0e, 0x0d][at % 2] ?? 0)];
    expect(inspected("Tree", deep).fault).toMatchObject({ reason: "the value nests too deep", offset: 201 });
    const unknown = [0, ...Array.from({ length: 200_000 }, () => 0x0d)];
    expect(inspected("Nothing", unknown).fault).toMatchObject({ reason: "the value nests too deep" });
    const lists = [0, 0x0e, ...Array.from({ length: 1000 }, () => 0x0e)];
    expect(inspected("Nothing", lists).fault).toMatchObject({ reason: "lists nest too deep" });
  });

  test("types may lead on to others as far as they like", () => {
    const sources = { "a.idl": `package a;\n${Array.from({ length: 20_000 }, (_, at) => `message T${at} { next?: T${at + 1} = 1; }`).join("\n")}\nmessage T20000 { @sensitive pin: string = 1; }\n` };
    const subject = { kind: "type", name: "T0", type: { kind: "named", name: "a.T0" } } as const;
    expect(inspect(schemaOf(sources), subject, new Uint8Array(1))).toMatchObject({ type: "T0", length: 1 });
  });

  test("a count is no promise", () => {
    const inspection = inspected("Many", [0, 0x0e, 0xfb, 0xff, 0xff, 0xff, 0x0f, 0, 0]);
    expect(inspection.fault).toMatchObject({ offset: 9, reason: "the bytes end too soon", path: "names[2]" });
    expectPartition(inspection);
  });

  test("of a million elements a few are kept, and all are accounted for", () => {
    const count = 1_000_000;
    const inspection = inspected("Many", [0, 0x14, 0xc0, 0x84, 0x3d, ...new Uint8Array(count).fill(7), 0]);
    expect(inspection.fault).toBeUndefined();
    expectPartition(inspection);
    const numbers = inspection.root.children.at(-1)?.children[0];
    expect(numbers?.children).toHaveLength(9);
    expect(numbers?.children.at(-1)).toMatchObject({ leftOut: count - 8 });
  });

  test("an element that is broken is shown, however many stand before it", () => {
    const inspection = inspected("Many", [0, 0x0e, 0x9b, 0x01, ...Array.from({ length: 18 }, () => 0), 1]);
    expect(inspection.fault).toMatchObject({ path: "names[18]" });
    expect(inspection.root.children[1]?.children[0]?.children.map(({ label }) => label).slice(-2)).toEqual([
      "…",
      "[18]",
    ]);
  });
});
