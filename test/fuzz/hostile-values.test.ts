/** Values made to hurt a decoder, an encoder or their process, each with the error that meets it. */
import { beforeAll, describe, expect, it } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { compile } from "../../src/compile.js";
import { type AnyCodec, loadGenerated } from "../load-generated.js";
import { Wire } from "../reference/layout.js";
import { piece, varint, whole } from "../reference/piece.js";
import { prototypesAreAs, prototypeSnapshot } from "./prototype-snapshot.js";

const SOURCE = `package hostile;
struct Nothing {}
struct Label { text: string; inner?: Label; }
message Twig { twigs: Twig[] = 1; }
message Trunk { twig: Twig = 1; }
union Either { end: u32 = 1; deeper: Either = 2; many: Either[] = 3; }
message Tree {
  name: string = 1;
  children: Tree[] = 2;
  next?: Tree = 3;
  tags: map<string, u32> = 4;
  grid: string[][][] = 5;
  nothings: Nothing[] = 6;
  label?: Label = 7;
  @number exact: i64 = 8;
  at: f64 = 9;
  count: u32 = 10;
  signed: map<i32, string> = 11;
  labels: Label[] = 12;
  data: bytes = 13;
  points: f64[] = 14;
}`;

const codecs = new Map<string, AnyCodec>();
const prototypes = prototypeSnapshot();

beforeAll(async () => {
  const { subjects } = await loadGenerated({ "hostile.idl": SOURCE });
  for (const { name, codec } of subjects) codecs.set(name.replace("hostile.", ""), codec);
  return () => expect(prototypesAreAs(prototypes)).toBe(true);
});

const codecOf = (name: string): AnyCodec => codecs.get(name) ?? expect.fail(`no ${name}`);
const tag = (number: number, wireType: number): number[] => varint(number * 8 + wireType);
/** A whole Tree of these bytes and this pool. */
const tree = (body: readonly number[], text = ""): Uint8Array => whole(piece([...body, 0], text));
const empty = {
  name: "",
  children: [],
  tags: new Map(),
  grid: [],
  nothings: [],
  exact: 0,
  at: 0,
  count: 0,
  signed: new Map(),
  labels: [],
  data: new Uint8Array(),
  points: [],
};

function expectRefused(bytes: Uint8Array, problem: RegExp, type = "Tree"): void {
  const refused = failureOf(() => codecOf(type).decode(bytes));
  expect(refused).toBeInstanceOf(DecodeError);
  expect((refused as DecodeError).message).toMatch(problem);
}

function failureOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const MOST = 2 ** 29 - 1;
const MOST_LENGTH = 2 ** 32 - 1;

describe("counts and lengths that the bytes do not hold", () => {
  it.each([
    ["a list", [...tag(2, Wire.LIST), ...varint(MOST * 8 + Wire.MESSAGE)]],
    ["a map", [...tag(4, Wire.LIST), ...varint(MOST * 8), 0x30]],
    ["a list of lists", [...tag(5, Wire.LIST), ...varint(MOST * 8 + Wire.LIST)]],
    ["a list of structs", [...tag(12, Wire.BLOCK), 5, 0, ...varint(MOST_LENGTH)]],
    ["an unknown list", [...tag(100, Wire.LIST), ...varint(MOST * 8 + Wire.MESSAGE)]],
    ["an unknown map", [...tag(100, Wire.LIST), ...varint(MOST * 8), 0x30]],
  ])("the count of %s", (_what, body) =>
    expectRefused(tree(body), /(elements|entries) do not fit in the bytes that remain/),
  );

  it.each([
    ["bytes", [...tag(13, Wire.BYTES), ...varint(MOST_LENGTH)]],
    ["a flat list", [...tag(14, Wire.BYTES), ...varint(MOST_LENGTH - 7)]],
    ["elements as small as can be", [...tag(6, Wire.BYTES), ...varint(2 ** 31), 0, 0]],
    ["a struct", [...tag(7, Wire.BLOCK), ...varint(MOST_LENGTH), 0]],
    ["text that stands by itself", [...tag(1, Wire.TEXT), ...varint(MOST_LENGTH), 0]],
    ["text in two bytes a unit", [...tag(1, Wire.TEXT), ...varint(MOST_LENGTH), 1]],
    ["unknown bytes", [...tag(100, Wire.BYTES), ...varint(MOST_LENGTH)]],
    ["an unknown struct", [...tag(100, Wire.BLOCK), ...varint(MOST_LENGTH), 0]],
    ["unknown text", [...tag(100, Wire.TEXT), ...varint(MOST_LENGTH), 1]],
  ])("the length of %s", (_what, body) =>
    expectRefused(tree(body), /the bytes end too soon|no whole number of elements/),
  );

  it.each([
    ["a string", [...tag(1, Wire.TEXT), 200]],
    ["a struct", [...tag(7, Wire.BLOCK), 3, ...varint(MOST_LENGTH), 200, 0, 0]],
    ["an unknown struct", [...tag(100, Wire.BLOCK), 0, ...varint(MOST_LENGTH)]],
  ])("the pooled text of %s", (_what, body) =>
    expectRefused(tree(body, "short"), /beyond the pool|the bytes end too soon|a varint/),
  );

  it("a pool longer than the input", () => {
    expectRefused(Uint8Array.from([...varint(MOST_LENGTH), 0]), /the bytes end too soon/);
  });

  it("counts that multiply to 2^40", () => {
    const inner = varint(1023 * 8 + Wire.TEXT);
    const list = [...varint(1023 * 8 + Wire.LIST), ...inner, ...Array<number>(1023).fill(0), ...inner];
    expectRefused(
      tree([...tag(5, Wire.LIST), ...varint(1023 * 8 + Wire.LIST), ...list, ...Array<number>(1100 - 1023).fill(0)]),
      /1023 elements do not fit/,
    );
  });

  it("more nodes than a value may have, each of one byte", () => {
    const count = 1_048_577;
    const head = [...tag(2, Wire.LIST), ...varint(count * 8 + Wire.MESSAGE)];
    const bytes = new Uint8Array(1 + head.length + count + 1);
    bytes.set(head, 1);
    expectRefused(bytes, /at most 1048576 nodes/);
  });
});

describe("depth", () => {
  const DEEP = 100_000;
  const nested = (head: readonly number[], end: number): Uint8Array => {
    const bytes = new Uint8Array(1 + DEEP * head.length + 1 + DEEP * end);
    for (let level = 0; level < DEEP; level++) bytes.set(head, 1 + level * head.length);
    return bytes;
  };

  it("of a known field", () => expectRefused(nested(tag(3, Wire.MESSAGE), 1), /at most 100 deep/));
  it("of an unknown field", () => expectRefused(nested(tag(15, Wire.MESSAGE), 1), /at most 100 deep/));
  it("of a union", () => expectRefused(nested(tag(2, Wire.MESSAGE), 1), /at most 100 deep/, "Either"));
  it("of a struct", () => {
    const bytes = nested([0, 1], 0);
    expectRefused(bytes, /at most 100 deep/, "Label");
  });
  it("of lists in an unknown field", () => {
    const body = [...tag(15, Wire.LIST), ...Array<number>(DEEP).fill(8 + Wire.LIST)];
    expectRefused(tree([...body, 8 + Wire.TEXT, 0]), /lists nest at most 32 deep/);
  });

  it("is the same for encoders: 100 pass, 101 do not", () => {
    const chain = (depth: number): unknown => (depth === 1 ? empty : { ...empty, next: chain(depth - 1) });
    expect(codecOf("Tree").decode(codecOf("Tree").encode(chain(100)))).toEqual(chain(100));
    expect(() => codecOf("Tree").encode(chain(101))).toThrow(EncodeError);
  });
});

describe("values that hold more than they look", () => {
  it("one object in many places is counted in each", () => {
    let value: unknown = { kind: "end", value: 1 };
    for (let level = 0; level < 40; level++) value = { kind: "many", value: [value, value] };
    expect(() => codecOf("Either").encode(value)).toThrow(/at most 1048576 nodes/);
  });

  it("and is not walked to its end to see that a field is no zero", () => {
    let walked = 0;
    let twig: unknown = {
      get twigs() {
        walked++;
        return [];
      },
    };
    for (let level = 0; level < 24; level++) twig = { twigs: [twig, twig] };
    expect(() => codecOf("Trunk").encode({ twig })).toThrow(/at most 1048576 nodes/);
    expect(walked).toBeLessThan(2 * 1_048_576);
  });

  it("an object that holds itself", () => {
    const value: Record<string, unknown> = { ...empty };
    value["next"] = value;
    expect(() => codecOf("Tree").encode(value)).toThrow(/at most 100 deep/);
  });
});

describe("numbers in a form that they must not have", () => {
  it.each([
    ["overlong", [...tag(10, Wire.VARINT), 0x81, 0x00], /longer than it need be/],
    ["overlong, zero", [...tag(10, Wire.VARINT), 0x80, 0x00], /longer than it need be/],
    ["of 2^32", [...tag(10, Wire.VARINT), 0x80, 0x80, 0x80, 0x80, 0x10], /2\^32 or more/],
    ["of eleven bytes", [...tag(10, Wire.VARINT), ...Array<number>(10).fill(0xff), 1], /2\^32 or more/],
    ["as an overlong tag", [0xd0, 0x00, 1], /longer than it need be/],
    ["as an overlong count", [...tag(2, Wire.LIST), 0x8d, 0x00], /longer than it need be/],
  ])("a varint %s", (_what, body, problem) => expectRefused(tree(body), problem));

  it.each([
    ["2^53", [0, 0, 0, 0, 0, 0, 0x20, 0]],
    ["-2^53", [0, 0, 0, 0, 0, 0, 0xe0, 0xff]],
    ["-2^63", [0, 0, 0, 0, 0, 0, 0, 0x80]],
  ])("an i64 of %s into a number", (_what, bytes) => expectRefused(tree([...tag(8, Wire.FIXED8), ...bytes]), /2\^53/));

  it.each([
    ["with a payload", [1, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ["negative", [0, 0, 0, 0, 0, 0, 0xf8, 0xff]],
    ["signalling", [1, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
  ])("a NaN that is %s", (_what, bytes) => {
    expectRefused(tree([...tag(9, Wire.FIXED8), ...bytes]), /one pattern/);
    expectRefused(tree([...tag(14, Wire.BYTES), 8, ...bytes]), /one pattern/);
  });

  it("-0 is not 0: one is written, the other must not be", () => {
    expect(codecOf("Tree").decode(tree([...tag(9, Wire.FIXED8), 0, 0, 0, 0, 0, 0, 0, 0x80]))).toMatchObject({ at: -0 });
    expectRefused(tree([...tag(9, Wire.FIXED8), 0, 0, 0, 0, 0, 0, 0, 0]), /left out/);
  });

  it.each(["f32", "f64"])("maps have no keys of %s, where NaN would be, and -0", (type) => {
    const { diagnostics } = compile({ sources: { "a.idl": `package a; message M { map: map<${type}, u8> = 1; }` } });
    expect(diagnostics.map(({ code }) => code)).toEqual(["RPC2040"]);
  });

  it.each([NaN, 0.5, Infinity, 2 ** 31, "1", 1n, undefined])("a key of an i32 map that is %s", (key) => {
    expect(() => codecOf("Tree").encode({ ...empty, signed: new Map([[key, "x"]]) })).toThrow(EncodeError);
  });

  it.each([
    ["twice", [1, 1, 1, 1]],
    ["descending", [2, 0, 1, 0]],
  ])("keys of a map that stand there %s", (_what, entries) => {
    const body = [...tag(11, Wire.LIST), 2 * 8, (Wire.VARINT << 4) | Wire.TEXT, ...entries];
    expectRefused(
      tree(body, "x".repeat(entries.filter((_, at) => at % 2 === 1).reduce((sum, units) => sum + units, 0))),
      /keys of a map ascend/,
    );
  });
});

describe("text that is none", () => {
  const high = "\ud83d";
  const low = "\ude00";

  it.each([
    ["a half in the pool", tree([...tag(1, Wire.TEXT), 1], high)],
    [
      "a half in text that stands by itself",
      tree([...tag(1, Wire.TEXT), ...varint(256), 1, ...Array.from({ length: 256 }, () => [0x3d, 0xd8]).flat()]),
    ],
  ])("%s", (_what, bytes) => expectRefused(bytes, /half of a surrogate pair/));

  it("two strings that share a pair", () => {
    const body = [...tag(5, Wire.LIST), 8 + Wire.LIST, 8 + Wire.LIST, 16 + Wire.TEXT, 1, 1];
    expectRefused(tree(body, high + low), /between the halves of a surrogate pair/);
  });

  it("the wider form where the narrower will do", () => {
    expectRefused(Uint8Array.from([...varint(3), ...tag(1, Wire.TEXT), 1, 0, 0x61, 0]), /form 0/);
    expectRefused(
      tree([...tag(1, Wire.TEXT), ...varint(256), 1, ...Array.from({ length: 256 }, () => [0x61, 0]).flat()]),
      /form 0/,
    );
  });

  it("a form that does not exist", () => {
    expectRefused(tree([...tag(1, Wire.TEXT), ...varint(256), 2, ...Array<number>(512).fill(0x61)]), /form 0 or 1/);
  });

  it.each([high, low, `a${high}`, `${low}a`, low + high, `${"x".repeat(300)}${high}`])(
    "a lone half is not encoded: %j",
    (name) => {
      expect(() => codecOf("Tree").encode({ ...empty, name })).toThrow(EncodeError);
    },
  );
});

describe("unknown fields that no reader could know", () => {
  it.each([
    ["a list of varints", [...tag(100, Wire.LIST), 8 + Wire.FIXED4, 0, 0, 0, 0]],
    ["a map whose values have the wire type 8", [...tag(100, Wire.LIST), 8, 0x38, 0]],
    ["a map whose values have the wire type 15", [...tag(100, Wire.LIST), 8, 0x3f, 0]],
    ["a map whose keys have the wire type 8", [...tag(100, Wire.LIST), 8, 0x83, 0]],
    ["a field with the number 0", [Wire.VARINT + 1, 0, 0, 0, 0]],
  ])("%s", (_what, body) => expectRefused(tree(body), /./));
});

describe("names that JavaScript gives a meaning", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then"];

  it("are keys of a map like any other", () => {
    const value = { ...empty, tags: new Map(names.map((name, at) => [name, at + 1])) };
    expect(codecOf("Tree").decode(codecOf("Tree").encode(value))).toEqual(value);
  });

  it("are keys in JSON, which gives them to no prototype", () => {
    const { toJson, fromJson } = codecOf("Tree");
    const value = { ...empty, tags: new Map(names.map((name, at) => [name, at + 1])) };
    const text = JSON.stringify(toJson?.(value));
    expect(fromJson?.(JSON.parse(text))).toEqual(value);
    expect(Object.keys((JSON.parse(text) as { tags: object }).tags)).toEqual(expect.arrayContaining(names));
  });

  it.each(names)("a field %s in JSON is refused, or dropped, and changes nothing", (name) => {
    const json: unknown = JSON.parse(`{ "name": "a", ${JSON.stringify(name)}: { "polluted": true } }`);
    const read = failureOf(() => codecOf("Tree").fromJson?.(json));
    if (!(read instanceof DecodeError)) expect(Object.keys(read as object)).not.toContain(name);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(read instanceof DecodeError ? DecodeError.prototype : Object.prototype);
  });

  it.each(["constructor", "toString", "hasOwnProperty", "valueOf"])(
    "an optional field %s is absent where the object itself does not have it, or is refused by the compiler",
    async (name) => {
      const sources = { "a.idl": `package a; message M { ${name}?: string = 1; }` };
      if (compile({ sources }).diagnostics.length > 0) return;
      const codec = (await loadGenerated(sources)).subjects[0]?.codec;
      expect([...(codec?.encode({}) ?? [])]).toEqual([0, 0]);
      expect(codec?.toJson?.({})).toEqual({});
    },
  );

  it("a union's kind that is a name of Object.prototype is no member", () => {
    for (const kind of names) expect(() => codecOf("Either").encode({ kind, value: 1 })).toThrow(EncodeError);
    for (const kind of names)
      expect(() => codecOf("Either").fromJson?.(JSON.parse(`{ ${JSON.stringify(kind)}: 1 }`))).toThrow(DecodeError);
  });
});

it("an unknown map of a wire type that does not exist is no map", () => {
  for (const types of [0x09, 0x0f, 0x80, 0x90]) expectRefused(tree([...tag(99, Wire.LIST), 8, ...varint(types), 5]), /two wire types/);
});
