/** What a change of a schema does to programs that are built from the two versions: the ways in which a test makes it show. */
import { DecodeError } from "../../runtime/wire/errors.js";
import { isDeepStrictEqual } from "node:util";
import type { Generated, Subject } from "../load-generated.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";

/** What goes wrong between the versions, in words; nothing where both understand each other. */
export type Harm = (before: string, after: string) => Promise<readonly string[]>;

export const SEED = Number(process.env["WIRE_SEED"] ?? 20_261_126);
const VALUES = 400;

/** Whether the reader has all that the writer says, for random values of each type that both have. */
export type Reads = (value: unknown, writer: Subject, reader: Subject) => boolean;

/** The types of which the reader does not have what the writer says. */
export function misunderstood(writer: Generated, reader: Generated, reads: Reads): string[] {
  const random = new Random(SEED);
  return writer.subjects
    .filter((subject) => {
      const other = reader.subjects.find(({ name }) => name === subject.name);
      if (other === undefined) return false;
      const values = Array.from({ length: VALUES }, () => randomValue(random, writer.index, subject.root));
      return values.some((value) => !reads(value, subject, other));
    })
    .map(({ name }) => name);
}

/** In both directions. */
export function misunderstandings(old: Generated, fresh: Generated, reads: Reads): string[] {
  return [
    ...misunderstood(old, fresh, reads).map((name) => `new programs do not read old ${name}`),
    ...misunderstood(fresh, old, reads).map((name) => `old programs do not read new ${name}`),
  ];
}

/** Bytes are read, say the same, and come back whole. */
export const readsBytes: Reads = (value, writer, reader) =>
  unlessRefused(() => {
    const read = reader.codec.decode(writer.codec.encode(value));
    return agree(value, read) && agree(value, writer.codec.decode(reader.codec.encode(read)));
  });

/** False where the codec refuses what it is given. */
export function unlessRefused(reads: () => boolean): boolean {
  try {
    return reads();
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** Whether all that both have is the same. Bytes are a list of numbers, in whichever form code has them. */
export function agree(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array !== b instanceof Uint8Array) return agree(plain(a), plain(b));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, at) => agree(each, b[at]));
  if (!isRecord(a) || !isRecord(b)) return isDeepStrictEqual(a, b);
  return Object.keys(a).every((key) => !(key in b) || agree(a[key], b[key]));
}

function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
