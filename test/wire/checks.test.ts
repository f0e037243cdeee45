/** Constraints of the schema: the first breach, with its path; nothing to say of what fits or is of a wrong type. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadGenerated } from "../load-generated.js";

type Check = ((value: unknown) => string | undefined) | undefined;

const IDL = `package checks;
struct Point { @min(0) x: i16; y: i16; }
message Item { @min(1) @max(99) qty: u32 = 1; @length(1, 5) sku: string = 2; }
message Plain { text: string = 1; }
union Choice { @min(5) number: u32 = 1; item: Item = 2; plain: Plain = 3; @length(max: 2) few: u8[] = 4; }
message All {
  @min(-5) @max(5) big: i64 = 1; @number @max(7) safe?: u64 = 2; @min(0.5) ratio: f64 = 3; @max(10s) wait: duration = 4; @nanos @min(1ms) exact: duration = 5;
  @length(max: 3) data: bytes = 6; @length(min: 1) names: string[] = 7; @length(max: 1) labels: map<string, u8> = 8; @pattern("^[a-z/]+$") word?: string = 9;
  items: Item[] = 10; byKey: map<string, Item> = 11; item?: Item = 12; choice?: Choice = 13; grid: Item[][] = 14; points: Point[] = 15;
  @default(3) @min(2) legs: u8 = 16; next?: All = 17; @pattern("\\\\d\\u{1F600}") emoji?: string = 18;
}
error Refused { @min(1) why: u8 = 1; }
service Checks { @readonly one(@length(1, 2) name: string, item: Item) -> Item; @readonly many(plain: Plain) -> Item[]; @readonly none(plain: Plain) -> Plain; }`;

const FINE = {
  big: 0n,
  ratio: 0.5,
  wait: 10_000,
  exact: 1_000_000n,
  data: new Uint8Array(3),
  names: [""],
  labels: new Map([["a", 1]]),
  items: [],
  byKey: new Map(),
  grid: [],
  points: [],
};

const checks = new Map<string, Check>();
beforeAll(async () => {
  const { subjects } = await loadGenerated({ "checks.idl": IDL });
  for (const { name, codec } of subjects) checks.set(name, (codec as { check?: Check }).check);
});

const check = (name: string, value: unknown): string | undefined => {
  const found = checks.get(name);
  if (found === undefined) throw new Error(`${name} has no check`);
  return found(value);
};

test("what is within its constraints, ends included, breaches none", () => {
  expect(check("checks.All", FINE)).toBeUndefined();
  expect(
    check("checks.All", { ...FINE, big: 5n, safe: 7, word: "a/b", item: { qty: 99, sku: "12345" }, emoji: "5😀" }),
  ).toBeUndefined();
});

test("an f32 at its bounds is within them on both sides, whichever way the wire rounds it", async () => {
  const bounds = [0.1, 0.7, -0.1, -0.7, 1e-50, 16777217];
  const fields = bounds.map((bound, at) => `@min(${bound}) @max(${bound}) f${at}: f32 = ${at + 1};`).join(" ");
  const { subjects } = await loadGenerated({ "bounds.idl": `package bounds; message Bounds { ${fields} }` });
  const codec = subjects.find(({ name }) => name === "bounds.Bounds")?.codec as { encode(value: unknown): Uint8Array; decode(bytes: Uint8Array): object; check(value: unknown): string | undefined };
  const value = Object.fromEntries(bounds.map((bound, at) => [`f${at}`, bound]));
  expect(codec.check(value)).toBeUndefined();
  expect(codec.check(codec.decode(codec.encode(value)))).toBeUndefined();
  expect(codec.check({ ...value, f0: 0.11 })).toBe("f0: 0.11 is more than @max(0.10000000149011612)");
  expect(codec.check({ ...value, f1: 0.69 })).toBe("f1: 0.69 is less than @min(0.699999988079071)");
});

describe("the first breach is named with its path", () => {
  const item = { qty: 1, sku: "a" };
  test.each<[string, object]>([
    ["big: -6 is less than @min(-5)", { big: -6n }],
    ["big: 6 is more than @max(5)", { big: 6n }],
    ["safe: 8 is more than @max(7)", { safe: 8 }],
    ["ratio: 0.25 is less than @min(0.5)", { ratio: 0.25 }],
    ["ratio: NaN is less than @min(0.5)", { ratio: Number.NaN }],
    ["wait: 10001 is more than @max(10000)", { wait: 10_001 }],
    ["exact: 999999 is less than @min(1000000)", { exact: 999_999n }],
    ["data: its length 4 is more than @length(max: 3)", { data: new Uint8Array(4) }],
    ["names: its length 0 is less than @length(min: 1)", { names: [] }],
    [
      "labels: its length 2 is more than @length(max: 1)",
      {
        labels: new Map([
          ["a", 1],
          ["b", 2],
        ]),
      },
    ],
    ['word: "A" does not match @pattern', { word: "A" }],
    ["emoji: ", { emoji: "5" }],
    ["items[1].qty: 0 is less than @min(1)", { items: [item, { ...item, qty: 0 }] }],
    ["items[0].sku: its length 6 is more than @length(max: 5)", { items: [{ ...item, sku: "123456" }] }],
    ['byKey["a b"].qty: 100 is more than @max(99)', { byKey: new Map([["a b", { ...item, qty: 100 }]]) }],
    ["item.qty: 0", { item: { ...item, qty: 0 } }],
    ["choice.number: 4 is less than @min(5)", { choice: { kind: "number", value: 4 } }],
    ["choice.item.qty: 0", { choice: { kind: "item", value: { ...item, qty: 0 } } }],
    ["choice.few: its length 3", { choice: { kind: "few", value: [1, 2, 3] } }],
    ["grid[0][1].qty: 0", { grid: [[item, { ...item, qty: 0 }]] }],
    ["points[0].x: -1", { points: [{ x: -1, y: -1 }] }],
    ["legs: 1", { legs: 1 }],
    ["next.next.big: 6", { next: { ...FINE, next: { ...FINE, big: 6n } } }],
  ])("%s", (breach, change) => {
    expect(check("checks.All", { ...FINE, ...change })).toContain(breach);
  });
});

test("a value of a wrong type breaches nothing: encoding refuses it", () => {
  const wrong = {
    big: "x",
    ratio: null,
    names: 5,
    items: [null, 5],
    byKey: [],
    item: 7,
    choice: {},
    grid: [null],
    points: {},
    word: 5,
  };
  expect(check("checks.All", { ...FINE, ...wrong })).toBeUndefined();
  expect(check("checks.All", {})).toBeUndefined();
});

test("an unknown member of a union breaches nothing", () => {
  expect(check("checks.Choice", { kind: "$unknown", number: 9, bytes: new Uint8Array(0) })).toBeUndefined();
});

test("only types that reach a constraint have a check", () => {
  const names = [...checks].filter(([, found]) => found !== undefined).map(([name]) => name);
  expect(names).not.toContain("checks.Plain");
  expect(names).not.toContain("checks.Checks/many request");
  expect(names).not.toContain("checks.Checks/none response");
});

test("parameters, results and elements are checked", () => {
  const item = { qty: 0, sku: "a" };
  expect(check("checks.Checks/one request", { name: "abc", item })).toContain("name: ");
  expect(check("checks.Checks/one request", { name: "ab", item })).toContain("item.qty: ");
  expect(check("checks.Checks/one response", item)).toContain("qty: ");
  expect(check("checks.Checks/many response", [item])).toContain("[0].qty: ");
});
