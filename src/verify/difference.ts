/** Where two values differ, as lines for people. */
import { isDeepStrictEqual } from "node:util";

/** Lines beyond this say no more. */
const MOST_LINES = 8;
const LONGEST_VALUE = 120;

/** One line a place, such as `orders[0].count: 1, then 2`; none where the values are alike. */
export function differences(before: unknown, after: unknown): readonly string[] {
  const lines: string[] = [];
  compare("", before, after, lines);
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`] : lines;
}

function compare(place: string, before: unknown, after: unknown, lines: string[]): void {
  if (isDeepStrictEqual(before, after)) return;
  const [left, right] = [entriesOf(before), entriesOf(after)];
  if (left === undefined || right === undefined || Object.getPrototypeOf(before) !== Object.getPrototypeOf(after)) {
    lines.push(`${place === "" ? "the whole" : place}: ${text(before)}, then ${text(after)}`);
    return;
  }
  const count = lines.length;
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const inner = typeof key === "string" && /^[A-Za-z_$][\w$]*$/.test(key) ? `${place === "" ? "" : `${place}.`}${key}` : `${place}[${text(key)}]`;
    if (!left.has(key)) lines.push(`${inner}: nothing, then ${text(right.get(key))}`);
    else if (!right.has(key)) lines.push(`${inner}: ${text(left.get(key))}, then nothing`);
    else compare(inner, left.get(key), right.get(key), lines);
  }
  // Alike in every entry and yet not: keys that are objects, or properties that are not seen here.
  if (lines.length === count) lines.push(`${place === "" ? "the whole" : place}: ${text(before)}, then ${text(after)}`);
}

function entriesOf(value: unknown): ReadonlyMap<unknown, unknown> | undefined {
  if (value instanceof Map) return value;
  if (Array.isArray(value)) return new Map(value.entries());
  if (value instanceof Set) return new Map([...value].map((item) => [item, item]));
  if (typeof value !== "object" || value === null) return undefined;
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain ? new Map(Object.entries(value)) : undefined;
}

/** As JSON, with what JSON does not have in the form that the codecs give it. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<unknown>, jsonOf);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [typeof key === "string" ? key : JSON.stringify(jsonOf(key)), jsonOf(item)]));
  if (value instanceof Set || Array.isArray(value)) return [...value].map(jsonOf);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
}

function text(value: unknown): string {
  if (value === undefined) return "undefined";
  const json = JSON.stringify(jsonOf(value)) ?? String(value);
  return json.length > LONGEST_VALUE ? `${json.slice(0, LONGEST_VALUE)}…` : json;
}
