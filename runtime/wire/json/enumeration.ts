/** Enums in JSON: by name, or by number where no member has that number. */
import { show } from "../errors.js";
import type { JsonPath } from "./json-path.js";
import type { JsonType } from "./json-type.js";
import { i32 } from "./numbers.js";

const DECIMAL = /^-?(?:0|[1-9][0-9]*)$/;

/** `members` are the numbers by their names in JSON. */
export function enumeration<T extends number>(members: Readonly<Record<string, number>>): JsonType<T> {
  const numbers = new Map(Object.entries(members));
  const names = new Map(Object.entries(members).map(([name, number]) => [number, name]));
  const fromName = (name: string, path: JsonPath): T => {
    const number = numbers.get(name);
    if (number === undefined) throw path.decodeError(`has no member ${show(name)}`);
    return number as T;
  };
  return {
    toJson: (value, path) => names.get(value) ?? i32.toJson(value, path),
    fromJson: (json, path) => (typeof json === "string" ? fromName(json, path) : (i32.fromJson(json, path) as T)),
    // A member may be called "1": who wrote it wrote its name.
    fromKey: (key, path) => (DECIMAL.test(key) && !numbers.has(key) ? (i32.fromJson(Number(key), path) as T) : fromName(key, path)),
    zero: () => 0 as T,
  };
}
