/** The JSON of generated codecs: how each type appears, what it refuses and where it says so. */
import { beforeAll, describe, expect, test } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { loadGenerated } from "../load-generated.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";

interface Codec {
  readonly encode: (value: unknown) => Uint8Array;
  readonly toJson: (value: unknown) => unknown;
  readonly fromJson: (json: unknown) => unknown;
}

const IDL = `package json;
enum Level { NONE = 0; HIGH = 7; @wireName("LOWEST") LOW = 2; }
struct Point { x: i16; y: i16; }
union Payment { card: Card = 1; iban: string = 2; @wireName("cash") money: u32 = 3; }
message Card { number: string = 1; }
message Order {
  id: string = 1; cents: i64 = 2; @number count: u64 = 3; ratio: f64 = 4; data: bytes = 5; at: timestamp = 6; @nanos exact: timestamp = 7;
  took: duration = 8; @nanos span: duration = 9; level: Level = 10; points: Point[] = 11; payment: Payment = 12; note?: string = 13;
  labels: map<string, u8> = 14; byLevel: map<Level, bool> = 15; byNumber: map<i64, string> = 16; flags: map<bool, u8> = 17;
  @typedArray samples: f32[] = 18; @default("grey") color: string = 19; @wireName("other_name") renamed: u8 = 20; key: uuid = 21;
  inner?: Order = 22; @tsName("alias") original: u8 = 23;
}`;

const ORDER = {
  id: "a",
  cents: -5n,
  count: 7,
  ratio: Number.NaN,
  data: Uint8Array.of(1, 2, 255),
  at: new Date(1),
  exact: 1n,
  took: 1500,
  span: -1n,
  level: 7,
  points: [{ x: 1, y: -1 }],
  payment: { kind: "card", value: { number: "4" } },
  labels: new Map([
    ["b", 1],
    ["__proto__", 2],
  ]),
  byLevel: new Map([
    [0, true],
    [9, false],
  ]),
  byNumber: new Map([[-1n, "x"]]),
  flags: new Map([[true, 1]]),
  samples: Float32Array.of(0.5, -0),
  color: "red",
  renamed: 3,
  key: "123e4567-e89b-12d3-a456-426614174000",
  alias: 4,
};
const JSON_TEXT = `{
  "id": "a", "cents": "-5", "count": "7", "ratio": "NaN", "data": "AQL/", "at": "1970-01-01T00:00:00.001Z",
  "exact": "1970-01-01T00:00:00.000000001Z", "took": "1.5s", "span": "-0.000000001s", "level": "HIGH", "points": [{ "x": 1, "y": -1 }],
  "payment": { "card": { "number": "4" } }, "labels": { "b": 1, "__proto__": 2 }, "byLevel": { "NONE": true, "9": false },
  "byNumber": { "-1": "x" }, "flags": { "true": 1 }, "samples": [0.5, "-0"], "color": "red", "other_name": 3,
  "key": "123e4567-e89b-12d3-a456-426614174000", "original": 4
}`;

let order: Codec;
let payment: Codec;
beforeAll(async () => {
  const { subjects } = await loadGenerated({ "json.idl": IDL });
  order = subjects.find(({ name }) => name === "json.Order")?.codec as unknown as Codec;
  payment = subjects.find(({ name }) => name === "json.Payment")?.codec as unknown as Codec;
});

test("each type appears as the language says", () => {
  expect(JSON.parse(JSON.stringify(order.toJson(ORDER)))).toStrictEqual(JSON.parse(JSON_TEXT));
  expect(order.fromJson(JSON.parse(JSON_TEXT))).toStrictEqual(ORDER);
});

test("zeros are written, absent optionals are not, and what JSON leaves out is zero or the default", () => {
  const least = order.fromJson({ payment: { cash: 0 } }) as Record<string, unknown>;
  expect(least).toMatchObject({
    id: "",
    cents: 0n,
    ratio: 0,
    level: 0,
    points: [],
    color: "grey",
    payment: { kind: "money", value: 0 },
  });
  expect(least).not.toHaveProperty("note");
  const json = order.toJson(least) as Record<string, unknown>;
  expect(json).toMatchObject({ id: "", cents: "0", color: "grey", payment: { cash: 0 } });
  expect(json).not.toHaveProperty("note");
});

test("what is left out buys no more memory than on the wire, and no less", async () => {
  const fields = (type: string): string => Array.from({ length: 8 }, (_, i) => `f${i}: ${type} = ${i + 1};`).join(" ");
  const source = `package made;
    message Leaf { text: string = 1; list: string[] = 2; data: bytes = 3; at: timestamp = 4; map: map<string, u8> = 5; }
    message Branch { ${fields("Leaf")} }
    message Tree { ${fields("Branch")} }
    message Wood { trees: Tree[] = 1; }`;
  const { subjects } = await loadGenerated({ "made.idl": source });
  const wood = subjects.find(({ name }) => name === "made.Wood")?.codec as Codec & { decode(bytes: Uint8Array): unknown };
  // A body of one list, the elements of which are messages that are nothing but their end.
  const onWire = (trees: number): Uint8Array => {
    const head = trees * 8 + 5;
    return Uint8Array.of(0, 14, (head & 0x7f) | 0x80, head >>> 7, ...Array.from({ length: trees }, () => 0), 0);
  };
  const most = 1_300;
  expect(wood.decode(onWire(most))).toHaveProperty("trees.length", most);
  expect(() => wood.decode(onWire(most + 200))).toThrow(DecodeError);
  const asJson = (trees: number): unknown => ({ trees: Array.from({ length: trees }, () => ({})) });
  expect(wood.fromJson(asJson(most))).toStrictEqual(wood.decode(onWire(most)));
  expect(() => wood.fromJson(asJson(100_000))).toThrow(/^\$\.trees\[\d+\]: a value has at most 1048576 nodes$/);
});

test("null stands for what is left out, and keys that the type does not know are ignored", () => {
  const json = { payment: { iban: "" }, note: null, id: null, color: null, more: { of: ["anything"] }, constructor: 5 };
  expect(order.fromJson(json)).toMatchObject({ id: "", color: "grey" });
});

test("a member whose name is a number comes back as the key of a map", async () => {
  const source = 'package digits;\nenum Floor { GROUND = 0; @wireName("1") FIRST = 5; }\nmessage House { rooms: map<Floor, u8> = 1; }\n';
  const house = (await loadGenerated({ "digits.idl": source })).subjects.find(({ name }) => name === "digits.House")?.codec as Codec;
  const value = { rooms: new Map([[0, 3], [5, 2], [7, 1]]) };
  expect(house.fromJson(JSON.parse(JSON.stringify(house.toJson(value))))).toStrictEqual(value);
});

test("what an object inherits is not read", () => {
  const json = Object.create({ id: "inherited" }) as Record<string, unknown>;
  json["payment"] = { iban: "" };
  expect(order.fromJson(json)).toMatchObject({ id: "" });
});

test("the key __proto__ is a key like any other, and touches no prototype", () => {
  const read = order.fromJson(JSON.parse(JSON_TEXT)) as { labels: Map<string, number> };
  expect(read.labels.get("__proto__")).toBe(2);
  const labels = (order.toJson(read) as { labels: object }).labels;
  expect(Object.keys(labels)).toEqual(["b", "__proto__"]);
  expect(Object.getPrototypeOf(labels)).toBe(Object.prototype);
});

describe("wrong JSON is a DecodeError at its path", () => {
  const base = JSON.parse(JSON_TEXT) as Record<string, unknown>;
  test.each<[string, unknown, string]>([
    ["$", null, "$: takes an object, got null"],
    ["$", [], "$: takes an object, got an array"],
    ["$.points[1].y", { ...base, points: [{ x: 1 }, { y: 40000 }] }, "i16 takes -32768 to 32767, got 40000"],
    ['$.labels["a b"]', { ...base, labels: { "a b": "1" } }, "u8 takes 0 to 255"],
    ['$.byNumber["01"]', { ...base, byNumber: { "01": "x" } }, "i64 takes"],
    ["$.flags.yes", { ...base, flags: { yes: 1 } }, "a key of this map"],
    ["$.byLevel.HIGH", { ...base, byLevel: { HIGH: true, "7": true } }, "twice"],
    ["$.level", { ...base, level: "HIGHER" }, 'has no member "HIGHER"'],
    ["$.payment", { ...base, payment: {} }, "exactly one key"],
    ["$.payment", { ...base, payment: { iban: "", cash: 1 } }, "exactly one key"],
    ["$.payment", { ...base, payment: { money: 1 } }, 'has no member "money"'],
    ["$", { id: "a" }, '"payment" is missing'],
    ["$.count", { ...base, count: "9007199254740992" }, "u64 as a number"],
    ["$.cents", { ...base, cents: 1.5 }, "i64 takes"],
    ["$.cents", { ...base, cents: "1".repeat(1000) }, "i64 takes"],
    ["$.data", { ...base, data: "AQL" }, "base64"],
    ["$.at", { ...base, at: "2026-02-29T00:00:00Z" }, "ISO 8601"],
    ["$.at", { ...base, at: "2026-01-01" }, "ISO 8601"],
    ["$.took", { ...base, took: "1m" }, "seconds such as"],
    ["$.key", { ...base, key: "123e4567" }, "uuid takes"],
    ["$.id", { ...base, id: "\ud800" }, "surrogate"],
  ])("%s", (place, json, message) => {
    const error = caught(() => order.fromJson(json)) as DecodeError;
    expect(error).toBeInstanceOf(DecodeError);
    expect(error.place).toBe(place);
    expect(error.message).toContain(message);
  });

  test("however deep it is", () => {
    let json: object = base;
    for (let depth = 0; depth < 100_000; depth++) json = { payment: { iban: "" }, inner: json };
    expect(() => order.fromJson(json)).toThrow(DecodeError);
  });
});

test("a value that holds itself is an EncodeError", () => {
  const value: Record<string, unknown> = { ...ORDER };
  value["inner"] = value;
  expect(() => order.toJson(value)).toThrow(EncodeError);
  expect(() => order.encode(value)).toThrow(EncodeError);
});

test("times with an offset and of any precision are read", () => {
  const read = order.fromJson({
    payment: { iban: "" },
    at: "2026-01-01T02:00:00.123456789+02:00",
    exact: "2026-01-01T00:00:00.1Z",
  });
  expect(read).toMatchObject({ at: new Date("2026-01-01T00:00:00.123Z"), exact: 1767225600100000000n });
});

test("an unknown member of a union is kept as base64", () => {
  const unknown = { kind: "$unknown", number: 9, bytes: Uint8Array.of(0, 72, 5, 0) };
  expect(payment.toJson(unknown)).toEqual({ $unknown: "AEgFAA==" });
  expect(payment.fromJson({ $unknown: "AEgFAA==" })).toStrictEqual(unknown);
  expect(() => payment.fromJson({ $unknown: "AEgFAAA=" })).toThrow(DecodeError);
});

test("a member that is known by now comes out of its base64, if its bytes are right", () => {
  const known = payment.fromJson({ cash: 5 });
  const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
  expect(payment.fromJson({ $unknown: base64(payment.encode(known)) })).toStrictEqual(known);
  const [header, tag = 0, ...rest] = payment.encode(known);
  // Another wire type than the member's own: what takes it would encode to bytes that nobody decodes.
  expect(() => payment.fromJson({ $unknown: base64(Uint8Array.from([header ?? 0, tag ^ 3, ...rest])) })).toThrow(DecodeError);
});

test.each(Array.from({ length: 30 }, (_, at) => at + 1))(
  "values of random program %i come back through JSON",
  async (seed) => {
    const random = new Random(seed);
    const { subjects, index } = await loadGenerated(sourcesOf(randomProgram(random)));
    for (const { name, root, codec } of subjects) {
      const { encode, toJson, fromJson } = codec as unknown as Codec;
      if (toJson === undefined) continue;
      for (let run = 0; run < 20; run++) {
        const value = randomValue(random, index, root);
        const text = JSON.stringify(toJson(value));
        const read = fromJson(JSON.parse(text));
        expect(encode(read).join(), `${name}: ${text}`).toBe(encode(value).join());
        expect(read, name).toStrictEqual(value);
      }
    }
  },
);

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
