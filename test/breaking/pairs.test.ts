/**
 * A field as it was and as it is, over a sample of all pairs of ways to write one: what bytes and JSON of either program show, some rule of
 * the wire says, and of whose data. PAIRS_SEED says which sample.
 */
import { beforeAll, expect, test } from "vitest";
import { breaking } from "../../src/breaking.js";
import { loadGenerated, type Subject } from "../load-generated.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { agree } from "./harm.js";

const SEED = Number(process.env["PAIRS_SEED"] ?? 20_261_128);
const PAIRS = Number(process.env["PAIRS"] ?? 1500);
const VALUES = 30;

const DECLARATIONS = `enum E { U = 0; A = 1; B = 2; }
enum F { U = 0; X = 1; B = 2; }
message N { x: u32 = 1; s?: string = 2; }
message O { y: u32 = 1; s?: string = 2; }
struct P { x: u8; y: string; }
struct Q { x: u8; y: string; z: bool; }
union V { a: u32 = 1; b: string = 2; }
union W { a: u32 = 1; c: N = 3; }
alias Str = string;
alias Raw = bytes;
alias En = E;
`;
const TYPES = "bool u8 u16 u32 i8 i32 i64 u64 f32 f64 string bytes timestamp duration uuid E F N O P Q V W Str Raw En u8[] u16[] i64[] string[] N[] V[] E[] bool[] map<string,u8> map<string,u16> map<u8,u8> map<E,u8>".split(" ");
const FIELDS = [
  ...TYPES.flatMap((type) => [`a: ${type} = 1`, `a?: ${type} = 1`]),
  ...["true", "false"].map((value) => `@default(${value}) a: bool = 1`),
  ...["@default(7) a: u8 = 1", "@default(7) a: u32 = 1", '@default("x") a: string = 1', "@default(A) a: E = 1", "@default(3) a: i64 = 1"],
  ...["b: u8 = 1", '@wireName("a") b: u8 = 1', '@wireName("c") a: u8 = 1', '@tsName("q") a: u8 = 1', "a: u8 = 2", "b: string = 1", "b: V = 1", 'reserved 1, "a"'],
];

const textOf = (field: string) => `package t;\n${DECLARATIONS}message M { z: u8 = 9; ${field}; }\nservice S { @readonly get(m: M) -> M; }\n`;

interface Written {
  readonly subject: Subject;
  readonly values: readonly unknown[];
}

const written = new Map<string, Written>();

beforeAll(async () => {
  for (const field of FIELDS) {
    const { index, subjects } = await loadGenerated({ "a.idl": textOf(field) });
    const subject = subjects.find(({ name }) => name === "t.M");
    if (subject === undefined) throw new Error("no codec");
    const random = new Random(SEED);
    written.set(field, { subject, values: Array.from({ length: VALUES }, () => randomValue(random, index, subject.root)) });
  }
}, 300_000);

/** Whether the reader refuses, or misreads, something of the writer's, in bytes or in JSON. */
function isHarmed(writer: Written, { subject: { codec: reader } }: Written): boolean {
  const { codec } = writer.subject;
  return writer.values.some((value) => {
    try {
      return !agree(value, reader.decode(codec.encode(value))) || !agree(value, reader.fromJson?.(codec.toJson?.(value)));
    } catch {
      return true;
    }
  });
}

test(`what ${PAIRS} pairs show is reported`, () => {
  const random = new Random(SEED);
  for (let k = 0; k < PAIRS; k++) {
    const [old, fresh] = [random.pick(FIELDS), random.pick(FIELDS)];
    const [a, b] = [written.get(old), written.get(fresh)];
    if (a === undefined || b === undefined) throw new Error("not loaded");
    const { diagnostics } = breaking({ before: { sources: { "a.idl": textOf(old) } }, after: { sources: { "a.idl": textOf(fresh) } } });
    const wire = diagnostics.filter(({ severity, properties }) => properties?.["category"] === "wire" && severity !== "info");
    const affected = new Set(wire.flatMap(({ properties }) => properties?.["affects"] ?? []));
    const about = `PAIRS_SEED=${SEED}: ${old} => ${fresh}: ${wire.map(({ message }) => message).join(" ")}`;
    if (isHarmed(a, b)) expect(affected, `${about} New programs do not read what old ones wrote.`).toContain("stored data");
    if (isHarmed(b, a)) expect(wire.length, `${about} Old programs do not read what new ones write.`).toBeGreaterThan(0);
  }
});

/** The slugs' messages of what is found between two ways to write one field. */
function found(old: string, fresh: string): string[] {
  const { diagnostics } = breaking({ before: { sources: { "a.idl": textOf(old) } }, after: { sources: { "a.idl": textOf(fresh) } } });
  return diagnostics.map(({ code }) => code);
}

test("an optional field that gets a default, and the way back, is one finding of the wire", () => {
  expect(found("a?: u8 = 1", "@default(7) a: u8 = 1")).toEqual(["RPC5011"]);
  expect(found("@default(7) a: u8 = 1", "a?: u8 = 1")).toEqual(["RPC5012"]);
});

test("a constraint that the type implies is no change of what is accepted", () => {
  expect(found("a: u8 = 1", "@min(0) @max(255) a: u8 = 1")).toEqual([]);
  expect(found("@length(min: 0) a: string = 1", "a: string = 1")).toEqual([]);
  expect(found("a: u8 = 1", "@min(1) a: u8 = 1")).toEqual(["RPC5223"]);
  expect(found("@max(9007199254740993) a: i64 = 1", "@max(9007199254740992) a: i64 = 1")).toEqual(["RPC5223"]);
  expect(found("@max(9) a: u8 = 1", "@max(5) a: u16 = 1")).toEqual(["RPC5002", "RPC5223"]);
});

test("a record that is kept for no stated time any more is kept shorter", () => {
  const of = (semantics: string) => ({ sources: { "a.idl": `package t;\nservice S { ${semantics} put(); }\n` } });
  const slugs = (old: string, fresh: string) => breaking({ before: of(old), after: of(fresh) }).diagnostics.map(({ code }) => code);
  expect(slugs("@exactlyOnce(retain: 24h)", "@exactlyOnce")).toEqual(["RPC5209"]);
  expect(slugs("@exactlyOnce", "@exactlyOnce(retain: 24h)")).toEqual([]);
  expect(slugs("@exactlyOnce(retain: 24h)", "@idempotent")).not.toContain("RPC5209");
});

/** All findings of two versions, without what stands around them. */
function between(old: string, fresh: string): string[] {
  const of = (text: string) => ({ sources: { "a.idl": `package t;\n${text}\n` } });
  return breaking({ before: of(old), after: of(fresh) }).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

test("another name on the wire is no other kind", () => {
  expect(between("service S { @readonly g() -> u8; }", '@wireName("T") service S { @readonly g() -> u8; }')).toEqual(['RPC5036 The service "t.S" is gone.']);
  expect(between("error E {}\nservice S { @readonly g() -> u8 throws E; }", '@wireName("F") error E {}\nservice S { @readonly g() -> u8 throws E; }').filter((each) => each.includes("throw"))).toEqual([
    'RPC5044 "S.g" throws "t.F" now, which old clients know only by its code.',
    'RPC5104 "S.g" does not throw "t.E" any more.',
  ]);
  expect(between("error X {}", "enum X { U = 0; }")).toContain('RPC5112 "t.X" was an error, and is an enum.');
});

test("names of enums that become free, and members that are deprecated", () => {
  expect(between('enum E { U = 0; reserved 1, "A"; }', "enum E { U = 0; reserved 1; }")).toEqual(['RPC5020 "E" does not reserve the name "A" any more.']);
  expect(between("message M { a: u8 = 1; }\nenum E { U = 0; A = 1; }", 'message M { @deprecated("b") a: u8 = 1; }\nenum E { U = 0; @deprecated("U") A = 1; }')).toEqual(['RPC5306 "M.a" is deprecated now.', 'RPC5306 "E.A" is deprecated now.']);
});
