/**
 * Data goes between programs of which one is the other's future, and `breaking` says of the two what the data shows.
 * EVOLUTION_PAIRS says how many pairs (default 100), and EVOLUTION_SEED where to begin: the seed that a failure names.
 */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../../runtime/wire/errors.js";
import { breaking } from "../../src/breaking.js";
import { breakingRules } from "../../src/breaking/rules.js";
import { type Generated, loadGenerated, type Subject } from "../load-generated.js";
import { type Field, PACKAGE, type Program, sourcesOf } from "../random/model.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { hex } from "../reference/agreement.js";
import { UNKNOWN } from "../reference/layout.js";
import type { Break } from "./breaking-edits.js";
import { type Pair, randomPair } from "./pair.js";

const PAIRS = Number(process.env["EVOLUTION_PAIRS"] ?? 100);
const FIRST_SEED = Number(process.env["EVOLUTION_SEED"] ?? 1);
const PER_TEST = 10;

describe("old and new programs", () => {
  const starts = Array.from({ length: Math.ceil(PAIRS / PER_TEST) }, (_, at) => FIRST_SEED + at * PER_TEST);
  it.each(starts)(
    "agree, or break as their edits say, for the 10 pairs from seed %i",
    async (start) => {
      for (let seed = start; seed < Math.min(start + PER_TEST, FIRST_SEED + PAIRS); seed++) {
        const pair = randomPair(seed);
        await judge(pair, new Random(seed)).catch((error: unknown) => {
          const sources = [pair.before, pair.after].map((program) => Object.values(sourcesOf(program)).join("\n"));
          throw new Error([`seed ${seed}: ${pair.edits.join(", ")}`, ...sources].join("\n----\n"), { cause: error });
        });
      }
    },
    300_000,
  );
});

async function judge(pair: Pair, random: Random): Promise<void> {
  expectVerdict(pair);
  const before = await loadGenerated(sourcesOf(pair.before));
  const after = await loadGenerated(sourcesOf(pair.after));
  const matches = matchesOf(pair, before, after);
  if (pair.breaks !== undefined) {
    expectBreak(random, pair.breaks, before, after, matches);
    return;
  }
  for (const match of matches) {
    for (let k = 0; k < 8; k++) {
      expectThereAndBack(
        randomValue(random, before.index, match.old.root),
        match.old,
        match.new,
        pair,
        match.kept,
        "before",
      );
      expectThereAndBack(
        randomValue(random, after.index, match.new.root),
        match.new,
        match.old,
        pair,
        match.kept,
        "after",
      );
    }
  }
}

/** An error about the wire for each pair that breaks, and for the others none but those that bytes do not show. */
function expectVerdict({ before, after, breaks, forbidden }: Pair): void {
  const [old, fresh] = [{ sources: sourcesOf(before) }, { sources: sourcesOf(after) }];
  const { diagnostics, isCompared } = breaking({ before: old, after: fresh });
  expect(isCompared).toBe(true);
  const errors = diagnostics.filter(({ severity, properties }) => severity === "error" && properties?.["category"] === "wire");
  if (breaks !== undefined) expect(errors, "errors about the wire").not.toEqual([]);
  else expect(errors.filter(({ code }) => !forbidden.includes(breakingRules[code]?.slug ?? code))).toEqual([]);
}

/** Fields that are the same in both programs but for their names. */
type KeptName = Record<"before" | "after", string>;

interface Match {
  readonly id: string;
  readonly old: Subject;
  readonly new: Subject;
  readonly kept: readonly KeptName[];
}

function matchesOf({ before, after }: Pair, older: Generated, newer: Generated): Match[] {
  const names = namesById(after);
  return [...namesById(before)].flatMap(([id, { names: oldNames, fields }]) => {
    const { names: newNames = [], fields: newFields = [] } = names.get(id) ?? {};
    const kept = keptNames(fields, newFields);
    return oldNames.flatMap((name, at) => {
      const old = older.subjects.find((subject) => subject.name === name);
      const other = newer.subjects.find((subject) => subject.name === newNames[at]);
      return old === undefined || other === undefined ? [] : [{ id, old, new: other, kept: at === 0 ? kept : [] }];
    });
  });
}

interface Holder {
  /** Of its subjects. */
  readonly names: readonly string[];
  readonly fields: readonly Field[];
}

function namesById(program: Program): Map<string, Holder> {
  return new Map(
    program.declarations.flatMap((each): (readonly [string, Holder])[] => {
      if (each.kind === "enum" || each.kind === "alias") return [];
      const name = `${PACKAGE}.${each.name}`;
      if (each.kind !== "service")
        return [[each.id, { names: [name], fields: each.kind === "union" ? [] : each.fields }]];
      return each.methods.map((method) => {
        const path = `${name}/${method.name}`;
        return [method.id, { names: [`${path} request`, `${path} response`], fields: method.fields }] as const;
      });
    }),
  );
}

function keptNames(before: readonly Field[], after: readonly Field[]): KeptName[] {
  return before.flatMap((field) => {
    const other = after.find(({ id }) => id === field.id);
    const isSame =
      field.type.kind === "scalar" && other !== undefined && isDeepStrictEqual({ ...other, name: field.name }, field);
    const hasOwnName = !field.annotations.some((text) => text.startsWith("@tsName"));
    return isSame && hasOwnName ? [{ before: field.name, after: other.name }] : [];
  });
}

function expectThereAndBack(
  value: unknown,
  writer: Subject,
  reader: Subject,
  { isReworded }: Pair,
  kept: readonly KeptName[],
  side: "before" | "after",
): void {
  const bytes = writer.codec.encode(value);
  const read = reader.codec.decode(bytes);
  const other = side === "before" ? "after" : "before";
  for (const name of kept) {
    const sent = (value as Record<string, unknown>)[name[side]];
    const got = (read as Record<string, unknown>)[name[other]];
    if (!isDeepStrictEqual(got, sent))
      expect.fail(`${name[other]} reads as ${String(got)}, not ${String(sent)}: ${hex(bytes)}`);
  }
  const back = reader.codec.encode(read);
  if (!isReworded) expect(hex(back), writer.name).toBe(hex(bytes));
  const again = withoutUnknown(writer.codec.decode(back));
  if (!isDeepStrictEqual(again, value))
    expect(again, `${writer.name}: ${hex(bytes)} came back as ${hex(back)}`).toStrictEqual(value);
}

/** What was read, but for fields that the type does not know. */
function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, withoutUnknown(inner)]));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  expect(Object.getOwnPropertySymbols(value).every((key) => key === UNKNOWN)).toBe(true);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutUnknown(inner)]));
}

function expectBreak(
  random: Random,
  broken: Break,
  before: Generated,
  after: Generated,
  matches: readonly Match[],
): void {
  const match = matches.find(({ id }) => id === broken.holder) ?? expect.fail("the holder is gone");
  const [writer, reader, index] =
    broken.reader === "new" ? [match.old, match.new, before.index] : [match.new, match.old, after.index];
  for (let left = 3000; left > 0; left--) {
    const value = randomValue(random, index, writer.root);
    const seen = readingOf(value, writer, reader, broken);
    if (seen === broken.shows || (broken.shows === "either" && seen !== "fine")) return;
  }
  expect.fail(`no value shows that ${broken.what}: the ${broken.reader} program should have ${broken.shows} one`);
}

function readingOf(
  value: unknown,
  writer: Subject,
  reader: Subject,
  { property }: Break,
): "refused" | "misread" | "fine" {
  let read: unknown;
  try {
    read = reader.codec.decode(writer.codec.encode(value));
  } catch (error) {
    if (error instanceof DecodeError) return "refused";
    throw error;
  }
  const [sent, got] = [value as Record<string, unknown>, read as Record<string, unknown>];
  if (property !== undefined) return isDeepStrictEqual(sent[property.before], got[property.after]) ? "fine" : "misread";
  return isDeepStrictEqual(sent, got) ? "fine" : "misread";
}
