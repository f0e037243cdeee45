/** Values that do not fit their type are an EncodeError that says where and what, and never any other exception. */
import { beforeAll, describe, expect, test } from "vitest";
import { EncodeError } from "../../runtime/wire/errors.js";
import { loadGenerated, type Subject } from "../load-generated.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";

type JsonCodec = Subject["codec"] & {
  readonly toJson: (value: unknown) => unknown;
  readonly check?: (value: unknown) => unknown;
};

const IDL = `package wrong;
enum Level { NONE = 0; HIGH = 7; }
struct Point { x: i16; y: i16; }
struct Label { text: string; }
message Inner { n: u32 = 1; }
union Choice { a: u32 = 1; inner: Inner = 2; }
message All {
  flag: bool = 1; u8: u8 = 2; i8: i8 = 3; u16: u16 = 4; i16: i16 = 5; u32: u32 = 6; i32: i32 = 7; u64: u64 = 8; i64: i64 = 9;
  @number safe: i64 = 10; @number count: u64 = 11; f32: f32 = 12; f64: f64 = 13; text: string = 14; data: bytes = 15;
  at: timestamp = 16; took: duration = 17; @nanos exact: timestamp = 18; @nanos span: duration = 19; id: uuid = 20;
  level: Level = 21; point: Point = 22; label: Label = 23; inner: Inner = 24; choice?: Choice = 25;
  list: string[] = 26; numbers: f64[] = 27; @typedArray typed: f32[] = 28; points: Point[] = 29; labels: Label[] = 30;
  map: map<string, u8> = 31; byNumber: map<i32, Inner> = 32; maybe?: string = 33; @default(3) legs: u8 = 34;
}`;

const ZEROS = {
  flag: false,
  u8: 0,
  i8: 0,
  u16: 0,
  i16: 0,
  u32: 0,
  i32: 0,
  u64: 0n,
  i64: 0n,
  safe: 0,
  count: 0,
  f32: 0,
  f64: 0,
  text: "",
  data: new Uint8Array(0),
  at: new Date(0),
  took: 0,
  exact: 0n,
  span: 0n,
  id: "00000000-0000-0000-0000-000000000000",
  level: 0,
  point: { x: 0, y: 0 },
  label: { text: "" },
  inner: { n: 0 },
  list: [],
  numbers: [],
  typed: new Float32Array(0),
  points: [],
  labels: [],
  map: new Map(),
  byNumber: new Map(),
};

/** For each field what it refuses, beside what is refused everywhere. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  flag: [0, 1, "true"],
  u8: [256, -1, 1.5, Number.NaN, 1n, "1"],
  i8: [128, -129, 0.5, 1n],
  u16: [65536, -1],
  i16: [32768, -32769],
  u32: [2 ** 32, -1, Number.POSITIVE_INFINITY],
  i32: [2 ** 31, -(2 ** 31) - 1],
  u64: [2n ** 64n, -1n, 1],
  i64: [2n ** 63n, -(2n ** 63n) - 1n, 1],
  safe: [2 ** 53, -(2 ** 53), 0.5, 1n],
  count: [2 ** 53, -1, 1n],
  f32: [1e39, "1", 1n],
  f64: ["1", 1n],
  text: [1, "\ud800", "\udc00", "a\ud83d"],
  data: ["", [1], new Uint16Array(1), new ArrayBuffer(1)],
  at: [0, "2026-01-01", new Date(Number.NaN), new Date(8.64e15), { getTime: () => 0 }],
  took: [1n, "1s", Number.NaN, Number.POSITIVE_INFINITY, 3.2e14],
  exact: [0, new Date(0), 10n ** 30n],
  span: [0, 10n ** 30n],
  id: [
    "",
    "123e4567-e89b-12d3-a456-42661417400",
    "123e4567-e89b-12d3-a456-4266141740000",
    "123e4567-e89b-12d3-a456-426614174000 ",
    "{123e4567-e89b-12d3-a456-426614174000}",
    "123e4567-e89b-12d3-a456-42661417400g",
    "123e4567+e89b-12d3-a456-426614174000",
  ],
  level: ["HIGH", 0.5, 2 ** 31],
  point: [{ x: 0 }, { x: 32768, y: 0 }],
  label: [{}, { text: 5 }],
  inner: [{}, { n: -1 }],
  choice: [{}, { kind: "b", value: 1 }, { kind: "a" }, { kind: "$unknown", number: 9, bytes: new Uint8Array(0) }],
  list: ["abc", [1], [undefined], new Array(1), new Set(["a"])],
  numbers: [[1, "2"], new Float64Array(1), [1n]],
  typed: [[1], new Float64Array(1)],
  points: [[{ x: 0 }], [null]],
  labels: [[{}], [undefined]],
  map: [{ a: 1 }, new Map([["a", 256]]), new Map([[1, 1]]), [["a", 1]]],
  byNumber: [new Map([["1", { n: 1 }]]), new Map([[1.5, { n: 1 }]]), new Map([[1, undefined]])],
  maybe: [1],
  legs: [256, "3"],
};
/** And null, but where there is a default: there it is as good as undefined. */
const REFUSED_EVERYWHERE: readonly unknown[] = [Symbol("s"), () => 0, { toString: () => "0" }, Object.create(null)];

describe("a field", () => {
  let codec: JsonCodec;
  beforeAll(async () => {
    const { subjects } = await loadGenerated({ "wrong.idl": IDL });
    codec = subjects.find(({ name }) => name === "wrong.All")?.codec as JsonCodec;
  });

  test("holds its zero", () => {
    expect([...codec.encode({ ...ZEROS, legs: 0 })]).toEqual([0, 0x90, 2, 0, 0]);
  });

  describe.each(Object.entries(REFUSED))("%s", (field, values) => {
    test.each(
      [
        ...values,
        ...REFUSED_EVERYWHERE,
        ...(field === "legs" ? [] : [null]),
        ...(field in ZEROS ? [undefined] : []),
      ].map((value, at) => ({ at, value })),
    )("refuses $value", ({ value }) => {
      for (const encode of [codec.encode, codec.toJson]) {
        const error = caught(() => encode({ ...ZEROS, [field]: value }));
        // In JSON a half of a pair, a map of other keys and the like are refused too.
        expect(error).toBeInstanceOf(EncodeError);
        expect((error as EncodeError).name).toBe("EncodeError");
      }
      const { place, message } = caught(() => codec.encode({ ...ZEROS, [field]: value })) as EncodeError;
      if (!message.includes("surrogate"))
        expect(place).toMatch(new RegExp(`^All\\.${field}$|^wrong\\.|^(Point|Label|Inner|Choice)\\.`));
      expect(message.startsWith(`${place}: `)).toBe(true);
    });
  });

  test("says the value and what the type takes", () => {
    expect(() => codec.encode({ ...ZEROS, u8: 300 })).toThrow("All.u8: u8 takes 0 to 255, got 300");
    expect(() => codec.encode({ ...ZEROS, text: 5 })).toThrow("All.text: string takes a string, got 5");
    expect(() => codec.encode(null)).toThrow("wrong.All: takes an object, got null");
    expect(() => codec.encode({ ...ZEROS, typed: [1] })).toThrow("All.typed: takes a Float32Array, got an array");
    expect(() => codec.encode({ ...ZEROS, choice: { text: "x" } })).toThrow('wrong.Choice: has no member undefined: a union is { kind: "…", value: … }');
  });

  test("is written after an error as before it", () => {
    const before = codec.encode({ ...ZEROS, text: "after" });
    expect(() => codec.encode({ ...ZEROS, text: "before", u8: -1 })).toThrow(EncodeError);
    expect(codec.encode({ ...ZEROS, text: "after" })).toEqual(before);
  });
});

const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  2 ** 40,
  5n,
  "",
  "text",
  "\ud800",
  Symbol("s"),
  () => 0,
  {},
  [],
  [[]],
  [undefined],
  new Map(),
  new Map([[undefined, undefined]]),
  new Date(Number.NaN),
  new Uint8Array(3),
  { kind: 5 },
  Object.create(null),
];

test.each(Array.from({ length: 25 }, (_, at) => at + 1))(
  "junk anywhere in the values of random program %i",
  async (seed) => {
    const random = new Random(seed);
    const { subjects, index } = await loadGenerated(sourcesOf(randomProgram(random)));
    for (const { name, root, codec } of subjects) {
      for (let run = 0; run < 40; run++) {
        const value = withJunk(random, randomValue(random, index, root));
        const { encode, toJson, check } = codec as JsonCodec;
        for (const use of [encode, toJson, check]) {
          const error = use === undefined ? undefined : caught(() => void use(value));
          if (error !== undefined && !(error instanceof EncodeError))
            expect.fail(`${name}: ${String((error as Error).stack)}`);
        }
      }
    }
  },
);

/** The same value with one thing within it replaced. */
function withJunk(random: Random, value: unknown): unknown {
  if (random.chance(0.25)) return random.pick(JUNK);
  if (Array.isArray(value) && value.length > 0) {
    const at = random.below(value.length);
    return value.with(at, withJunk(random, value[at]));
  }
  if (value instanceof Map && value.size > 0) {
    const entries = [...value];
    const at = random.below(entries.length);
    const [key, item] = entries[at] as [unknown, unknown];
    entries[at] = random.chance(0.5) ? [random.pick(JUNK), item] : [key, withJunk(random, item)];
    return new Map(entries);
  }
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const keys = Object.keys(value);
    if (keys.length > 0) {
      const key = random.pick(keys);
      return { ...value, [key]: withJunk(random, (value as Record<string, unknown>)[key]) };
    }
  }
  return random.pick(JUNK);
}

function caught(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
