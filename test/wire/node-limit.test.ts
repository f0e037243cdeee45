/** What everything counts among the nodes of a value, and how many there may be: docs/wire.md, 1.6. */
import { beforeAll, describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { Reader } from "../../runtime/wire/reader.js";
import { Writer } from "../../runtime/wire/writer.js";
import { inspect } from "../../src/inspect/inspect.js";
import { type AnyCodec, type Generated, loadGenerated, type Subject } from "../load-generated.js";
import { decodeRoot } from "../reference/decode.js";
import { Refused } from "../reference/input.js";
import { Wire } from "../reference/layout.js";
import { varint } from "../reference/piece.js";

const MOST = 1_048_576;

/** Numbered, as those of messages are, or not, as those of structs. */
const fields = (count: number, type: string, isStruct = false): string =>
  Array.from({ length: count }, (_, at) => `f${at}: ${type}${isStruct ? "" : ` = ${at + 1}`};`).join(" ");

const optional = (count: number): string =>
  Array.from({ length: count }, (_, at) => `maybe${at}?: u8 = ${at + 500};`).join(" ");

const DECLARATIONS = `package weights;
enum Level { NONE = 0; }
alias Blob = bytes;
struct Nothing {}
struct Spot { at: timestamp; level: Level; nothing: Nothing; }
struct Label { text: string; data: bytes; next: Label[]; maybe?: bytes; }
struct Outer { label: Label; data: Data; }
message Empty {}
message Plain { a: bool = 1; b: i64 = 2; c: u16 = 3; d: string = 4; f: uuid = 6; }
message Default { @default(3) legs: u8 = 1; @default("x") name: string = 2; }
message Time { at: timestamp = 1; }
message Data { data: bytes = 1; }
message Lists { a: u8[] = 1; b: string[] = 2; c: Label[] = 3; d: Data[] = 4; @typedArray e: f64[] = 5; }
message Dictionary { by: map<string, Data> = 1; }
message Inner { data: Data = 1; spot: Spot = 2; label: Label = 3; }
message Optional { data?: Data = 1; by?: map<u8, u8> = 2; spot?: Spot = 3; times?: timestamp[] = 4; label?: Label = 5; }
union Either { level: u8 = 1; data: Data = 2; either: Either = 3; }
message Choice { either: Either = 1; }
@code(NOT_FOUND) error Missing { data: bytes = 1; by: map<u8, u8> = 2; }
union Members { blob: bytes = 1; byte: Byte = 2; map: map<u8, u8> = 3; text: string = 4; strings: string[] = 5; at: timestamp = 6; reals: f64[] = 7; }
message Possible { @typedArray reals?: f64[] = 1; strings?: string[] = 2; at?: timestamp = 3; byte?: Byte = 4; text?: string = 5; level?: Level = 6; blob?: Blob = 7; pair?: Pair = 8; }
struct Maybe { by?: map<u8, u8>; byte?: Byte; text?: string; pair?: Pair; label?: Label; }
struct Byte { x: u8; }
struct Pair { x: f32; y: f32; }
struct Shell { x: Byte; }
struct Deep { x: Shell; y: Shell; z: u32; }
struct Tick { at: timestamp; price: f64; }
struct Row { ${fields(16, "u8", true)} }
message Flats { bytes: Byte[] = 1; pairs: Pair[] = 2; shells: Shell[] = 3; deep: Deep[] = 4; ticks: Tick[] = 5; none: Nothing[] = 6; rows: Row[] = 7; }
message Eight { ${fields(7, "u8")} h: string = 8; i?: u8 = 9; }
message Boxed { a: u32 = 1; b: f64 = 2; c: i64 = 3; d: duration = 4; e: Level = 5; f: u16 = 6; }
message Open { ${fields(9, "u8")} ${optional(12)} }
message Opener { ${fields(9, "u8")} ${optional(13)} }
message Wide { ${fields(100, "u8")} }
message Wider { ${fields(101, "u8")} }
struct Tall { text: string; ${fields(15, "u8", true)} maybe?: u8; }
message Wides { wide: Wide = 1; tall: Tall = 2; }
message Heavy { ${Array.from({ length: 40 }, (_, at) => `map${at}: map<u8, u8> = ${at + 1};`).join(" ")} }
message Heavies { all: Heavy[] = 1; }`;

/** Values by type, as JSON, and what they count. */
const VALUES: readonly (readonly [type: string, json: object, nodes: number, what: string])[] = [
  ["Empty", {}, 1, "a message"],
  ["Plain", {}, 1, "fields that do not weigh"],
  ["Plain", { a: true, b: "1", d: "d", f: "00000000-0000-0000-0000-000000000000" }, 1, "such fields that are present"],
  ["Default", {}, 1, "fields with a default"],
  ["Time", {}, 1 + 2, "a timestamp that is absent"],
  ["Data", {}, 1 + 4, "bytes that are absent"],
  ["Data", { data: "AQID" }, 1 + 4, "bytes that are present"],
  ["Lists", {}, 1 + 8, "lists that are absent, one of them a typed array"],
  ["Lists", { a: [1, 2], e: [3] }, 1 + 8, "lists of flat elements"],
  ["Lists", { b: ["", "b"], d: [{}] }, 1 + 8 + 2 + 1 + 5, "lists of others"],
  ["Lists", { c: [{}, {}] }, 1 + 8 + 2 * (1 + 6), "a list of structs"],
  ["Dictionary", {}, 1 + 4, "a map that is absent"],
  ["Dictionary", { by: { a: {} } }, 1 + 4 + 1 + 5, "a map with an entry"],
  ["Inner", {}, 1 + 5 + (1 + 2 + 1) + 6, "a message and structs that are absent"],
  [
    "Inner",
    { data: { data: "AQ==" } },
    1 + 5 + 4 + 6 + 5,
    "a message that is present, which counts beside its absence",
  ],
  ["Inner", { spot: { level: 1 } }, 1 + 5 + 4 + 6, "a flat struct that is present, which does not"],
  ["Inner", { label: { text: "l" } }, 1 + 5 + 4 + 6 + 6, "a struct that is present, which does if it is not flat"],
  ["Optional", {}, 1, "optional fields that are absent"],
  ["Optional", { by: {}, times: ["2026-11-25T00:00:00Z"] }, 1 + 4 + 1, "an optional map and list that are present"],
  ["Optional", { spot: {} }, 1, "an optional flat struct that has bytes enough for what it holds"],
  ["Optional", { data: {}, label: {} }, 1 + 5 + 6, "optional records that are present"],
  ["Either", { level: 0 }, 1, "a union"],
  ["Either", { either: { data: {} } }, 1 + 1 + 5, "what is in a union"],
  ["Choice", { either: { level: 0 } }, 1 + 1, "a union in a field"],
  ["Label", {}, 1 + 4 + 1, "a struct that is not flat"],
  ["Outer", {}, 1 + 6 + 5 + 6 + 5, "what is in a struct, where it is always present"],
  ["Missing", {}, 1 + 4 + 4, "an error"],
  ["Possible", { text: "t", level: "NONE", pair: {} }, 1, "optional fields that do not weigh"],
  ["Possible", { reals: [], strings: [""] }, 1 + 4 + 1 + 1, "an optional typed array, and a list with an element"],
  ["Possible", { at: "1970-01-01T00:00:00Z", blob: "" }, 1 + 2 + 4, "an optional timestamp, and bytes"],
  ["Possible", { byte: {} }, 1 + 1, "an optional flat struct of a byte"],
  ["Maybe", {}, 1, "optional fields of a struct that are absent"],
  ["Maybe", { by: {}, byte: {}, text: "t", pair: {} }, 1 + 4 + 1, "optional fields of a struct"],
  ["Maybe", { label: {} }, 1 + 6, "an optional struct in a struct"],
  ["Members", { text: "t" }, 1, "a member that does not weigh"],
  ["Members", { blob: "" }, 1 + 4, "bytes as a member"],
  ["Members", { byte: {} }, 1 + 1, "a flat struct of a byte as a member"],
  ["Members", { map: {} }, 1 + 4, "a map as a member"],
  ["Members", { strings: ["", ""] }, 1 + 1 + 2, "a list as a member"],
  ["Members", { reals: [1, 2] }, 1 + 1, "a list of numbers as a member"],
  ["Members", { at: "1970-01-01T00:00:00Z" }, 1 + 2, "a timestamp as a member"],
  ["Flats", {}, 1 + 7, "lists of flat structs that are absent"],
  ["Flats", { bytes: [{}, {}, {}] }, 1 + 7 + 3, "flat structs of a byte"],
  ["Flats", { none: [{}, {}] }, 1 + 7 + 2, "flat structs without fields"],
  ["Flats", { pairs: [{}, {}, {}] }, 1 + 7, "flat structs of eight bytes"],
  ["Flats", { shells: [{}, {}] }, 1 + 7 + 2 * 2, "a flat struct in a flat struct"],
  ["Flats", { deep: [{}] }, 1 + 7 + 5, "flat structs with fewer than four bytes for each node"],
  ["Flats", { ticks: [{}, {}] }, 1 + 7, "flat structs with more"],
  ["Flats", { rows: [{}] }, 1 + 7, "a flat struct of many small fields"],
  ["Eight", {}, 1 + 1, "eight fields that are not optional"],
  ["Boxed", {}, 1 + 2, "numbers of four bytes and more, durations and enums count three"],
  ["Open", {}, 1 + 1, "fields beside twelve that are optional"],
  ["Opener", {}, 1 + 9, "fields beside more"],
  ["Wide", {}, 1 + 12, "a hundred fields"],
  ["Wider", {}, 1 + 101, "more than a hundred"],
  ["Tall", {}, 1 + 2, "the fields of a struct"],
  ["Wides", {}, 1 + 13 + 3, "what is within what is absent"],
];

/** What each element of a list, and each entry of a map, of a type counts, as JSON: the least that there is. */
const ELEMENTS: readonly (readonly [type: string, nodes: number, json: unknown])[] = [
  ["string", 1, ""],
  ["bytes", 1 + 4, ""],
  ["Blob", 1 + 4, ""],
  ["u8[]", 1 + 1, []],
  ["string[]", 1 + 1, []],
  ["Label[]", 1 + 1, []],
  ["map<u8, u8>", 1 + 4, {}],
  ["Empty", 1 + 1, {}],
  ["Data", 1 + 5, {}],
  ["Optional", 1 + 1, {}],
  ["Either", 1 + 1, { level: 0 }],
  ["Label", 1 + 6, {}],
];
/** Of maps alone, for lists of these are flat. */
const FLAT_VALUES: typeof ELEMENTS = [
  ["u32", 1, 0],
  ["Level", 1, 0],
  ["uuid", 1, "00000000-0000-0000-0000-000000000000"],
  ["timestamp", 1 + 2, "1970-01-01T00:00:00Z"],
  ["Spot", 1, {}],
];
const ENTRIES = [...ELEMENTS, ...FLAT_VALUES];

let generated: Generated;
beforeAll(async () => {
  const lists = ELEMENTS.map(([type], at) => `message List${at} { items: ${type}[] = 1; }`);
  const maps = ENTRIES.map(([type], at) => `message Map${at} { items: map<u32, ${type}> = 1; }`);
  generated = await loadGenerated({ "weights.idl": [DECLARATIONS, ...lists, ...maps].join("\n") });
});

function subjectOf(name: string): Subject {
  return generated.subjects.find((subject) => subject.name === `weights.${name}`) ?? expect.fail(`no ${name}`);
}

/** What the codecs of types have, for those of other types. */
interface Parts {
  readonly read: (reader: Reader) => unknown;
  readonly write: (writer: Writer, value: unknown) => void;
}

function passes(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof Refused || error instanceof DecodeError || error instanceof EncodeError) return false;
    throw error;
  }
}

/** Whether a value may be read, and written, with so many nodes left. */
function fits({ codec, root }: Subject, value: unknown, left: number): { [by: string]: boolean } {
  const { read, write } = codec as AnyCodec & Parts;
  const bytes = codec.encode(value);
  return {
    read: passes(() => {
      const reader = new Reader().open(bytes);
      reader.enter(MOST - left);
      read(reader);
    }),
    written: passes(() => {
      const writer = new Writer(new Uint8Array(1024));
      writer.enter({}, "all", MOST - left);
      write(writer, value);
    }),
    "read by the reference": passes(() => decodeRoot(generated.index, root, bytes, MOST - left)),
  };
}

function expectNodes(name: string, json: unknown, nodes: number): void {
  const subject = subjectOf(name);
  const value = subject.codec.fromJson?.(json);
  expect(fits(subject, value, nodes)).toEqual({ read: true, written: true, "read by the reference": true });
  expect(fits(subject, value, nodes - 1)).toEqual({ read: false, written: false, "read by the reference": false });
}

describe("a value counts", () => {
  test.each(VALUES)("%s %j: %i, for %s", (type, json, nodes) => expectNodes(type, json, nodes));

  test.each(ELEMENTS.map((each, at) => [at, ...each] as const))("element %i, of %s: %i", (at, _type, nodes, json) => {
    for (const count of [0, 1, 3]) expectNodes(`List${at}`, { items: Array(count).fill(json) }, 1 + 1 + count * nodes);
  });

  test.each(ENTRIES.map((each, at) => [at, ...each] as const))("entry %i, of %s: %i", (at, _type, nodes, json) => {
    for (const count of [0, 1, 3]) {
      const items = Object.fromEntries(Array.from({ length: count }, (_, key) => [key, json]));
      expectNodes(`Map${at}`, { items }, 1 + 4 + count * nodes);
    }
  });

  test.each<[string, number, number, number[]]>([
    ["a string", 1, Wire.TEXT, [0]],
    ["bytes", 1, Wire.BYTES, [0]],
    ["a list or map without elements", 1, Wire.LIST, [0]],
    ["a list of a string", 2, Wire.LIST, [8 + Wire.TEXT, 0]],
    ["a message or union", 2, Wire.MESSAGE, [0]],
    ["a struct or structs", 1, Wire.BLOCK, [0, 0]],
  ])("an unknown element, of %s: %i", (_what, nodes, wireType, least) => {
    const { codec } = subjectOf("Empty");
    const bytes = Uint8Array.from([0, 8 + Wire.LIST, 3 * 8 + wireType, ...least, ...least, ...least, 0]);
    expectUnknown(codec, bytes, 1 + 4 + 3 * nodes);
    expectUnknown(codec, Uint8Array.from([0, 8 + Wire.LIST, 8, wireType, 0, ...least, 0]), 1 + 4 + nodes);
  });

  test("unknown fields of one message count 4 together, and an unknown member does", () => {
    expectUnknown(subjectOf("Empty").codec, Uint8Array.of(0, 8, 1, 16, 1, 0), 1 + 4);
    expectUnknown(subjectOf("Either").codec, Uint8Array.of(0, 0x78, 1, 0), 1 + 4);
    expectUnknown(subjectOf("Either").codec, Uint8Array.of(0, 0x7d, 0, 0), 1 + 4 + 1);
  });
});

/** Read, and written back. */
function expectUnknown(codec: AnyCodec, bytes: Uint8Array, nodes: number): void {
  const { read, write } = codec as AnyCodec & Parts;
  const readWith = (left: number): void => {
    const reader = new Reader().open(bytes);
    reader.enter(MOST - left);
    read(reader);
  };
  const value = codec.decode(bytes);
  const writeWith = (left: number): void => {
    const writer = new Writer(new Uint8Array(1024));
    writer.enter({}, "all", MOST - left);
    write(writer, value);
  };
  for (const run of [readWith, writeWith]) {
    expect(() => run(nodes)).not.toThrow();
    expect(() => run(nodes - 1)).toThrow("at most 1048576 nodes");
  }
}

describe("1,048,576 nodes pass, and one more does not", () => {
  const everyone: readonly (readonly [who: string, accepts: (subject: Subject, bytes: Uint8Array) => boolean])[] = [
    ["a decoder", ({ codec }, bytes) => passes(() => codec.decode(bytes))],
    ["the reference", ({ root }, bytes) => passes(() => decodeRoot(generated.index, root, bytes))],
    [
      "inspect",
      ({ name }, bytes) =>
        inspect(generated.schema, { kind: "type", name, type: { kind: "named", name } }, bytes).fault === undefined,
    ],
  ];

  test.each(everyone)("for %s", (_who, accepts) => {
    // A byte 0 each: an element that is a message with forty maps.
    const most = Math.floor((MOST - 1 - 1) / (1 + 1 + 5 + 40 * 4));
    const heavies = (count: number): Uint8Array =>
      Uint8Array.from([0, 8 + Wire.LIST, ...varint(count * 8 + Wire.MESSAGE), ...new Uint8Array(count), 0]);
    expect(accepts(subjectOf("Heavies"), heavies(most))).toBe(true);
    expect(accepts(subjectOf("Heavies"), heavies(most + 1))).toBe(false);
  });

  test("for an encoder", () => {
    const { codec } = subjectOf("Lists");
    const empty = codec.decode(Uint8Array.of(0, 0)) as object;
    const most = Array<string>(MOST - 9).fill("");
    expect(codec.decode(codec.encode({ ...empty, b: most }))).toHaveProperty("b.length", MOST - 9);
    expect(() => codec.encode({ ...empty, b: [...most, ""] })).toThrow("at most 1048576 nodes");
    expect(() => codec.encode({ ...empty, b: most, d: [{ data: new Uint8Array(0) }] })).toThrow(
      "at most 1048576 nodes",
    );
  });
});
