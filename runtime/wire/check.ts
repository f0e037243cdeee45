/**
 * The constraints of a schema, as generated code asks for them. Each gives the first breach with its path, such as
 * `items[3].qty: 0 is less than @min(1)`, or undefined. A value of a wrong type breaches nothing: encoding refuses it.
 */
import { show } from "./errors.js";

type Breach = string | undefined;

/** The check of a type, which the codec of a type without constraints does not have. */
type Check<T> = ((value: T) => Breach) | undefined;

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

export function min(name: string, value: number | bigint | undefined, bound: number | bigint): Breach {
  if (!isNumeric(value) || value >= bound) return undefined;
  return `${name}: ${value} is less than @min(${bound})`;
}

export function max(name: string, value: number | bigint | undefined, bound: number | bigint): Breach {
  if (!isNumeric(value) || value <= bound) return undefined;
  return `${name}: ${value} is more than @max(${bound})`;
}

/** Of strings, in UTF-16 code units, of bytes, lists and maps. */
type Sized = { readonly length: number } | { readonly size: number };

function sizeOf(value: Sized | string | undefined): number | undefined {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return undefined;
  return "length" in value ? value.length : value.size;
}

export function minLength(name: string, value: Sized | string | undefined, bound: number): Breach {
  const size = sizeOf(value);
  return size === undefined || size >= bound
    ? undefined
    : `${name}: its length ${size} is less than @length(min: ${bound})`;
}

export function maxLength(name: string, value: Sized | string | undefined, bound: number): Breach {
  const size = sizeOf(value);
  return size === undefined || size <= bound
    ? undefined
    : `${name}: its length ${size} is more than @length(max: ${bound})`;
}

export function pattern(name: string, value: string | undefined, expression: RegExp): Breach {
  if (typeof value !== "string" || expression.test(value)) return undefined;
  return `${name}: ${show(value)} does not match @pattern(${show(expression.source)})`;
}

/** What is within a message, struct or union. */
export function field<T>(name: string, value: T | undefined, check: Check<T>): Breach {
  if (typeof value !== "object" || value === null) return undefined;
  return within(name, check?.(value));
}

/** What is within the elements of a list. */
export function items<T>(name: string, list: readonly T[] | undefined, check: Check<T>): Breach {
  if (!Array.isArray(list)) return undefined;
  for (const [index, item] of (list as readonly T[]).entries()) {
    const breach = field(`${name}[${index}]`, item, check);
    if (breach !== undefined) return breach;
  }
  return undefined;
}

/** What is within the values of a map. */
export function values<T>(name: string, map: ReadonlyMap<unknown, T> | undefined, check: Check<T>): Breach {
  if (!(map instanceof Map)) return undefined;
  for (const [key, value] of map as ReadonlyMap<unknown, T>) {
    const breach = field(`${name}[${show(key)}]`, value, check);
    if (breach !== undefined) return breach;
  }
  return undefined;
}

function within(name: string, breach: Breach): Breach {
  if (breach === undefined) return undefined;
  return breach.startsWith("[") ? name + breach : `${name}.${breach}`;
}
