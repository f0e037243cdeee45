/**
 * How values of a type are drawn, as data: the emitter prints a plan and `rpcgen verify` runs it, so that what a user
 * reads in the kit is what the command does.
 */

export type Plan =
  /** `fc.name(…)`. */
  | { readonly kind: "call"; readonly name: FastCheckName; readonly args: readonly Argument[] }
  /** The arbitrary of a declared type; `step` 1 where the reference closes a circle, so that it nests less deeply. */
  | { readonly kind: "reference"; readonly type: string; readonly step: 0 | 1 }
  /** `deep` as long as values may nest further, then `flat`. */
  | { readonly kind: "bounded"; readonly deep: Plan; readonly flat: Plan }
  /** A list or map without anything in it. */
  | { readonly kind: "empty"; readonly of: "list" | "map" }
  /** Texts of at least this many units. */
  | { readonly kind: "longEnough"; readonly of: Plan; readonly length: number }
  /** Numbers, of which TypeScript is told that they are the enum. */
  | { readonly kind: "enum"; readonly type: string; readonly of: Plan };

export type Argument =
  | number
  | bigint
  | string
  | boolean
  | Plan
  | { readonly kind: "date"; readonly iso: string }
  | { readonly kind: "pattern"; readonly source: string }
  | { readonly kind: "list"; readonly items: readonly Argument[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: string, value: Argument])[] };

export type FastCheckName =
  | "array" | "bigInt" | "bigInt64Array" | "bigUint64Array" | "boolean" | "constant" | "constantFrom" | "date" | "double"
  | "float" | "float32Array" | "float64Array" | "int8Array" | "int16Array" | "int32Array" | "integer" | "map" | "oneof"
  | "record" | "string" | "stringMatching" | "uint8Array" | "uint16Array" | "uint32Array" | "uuid";

export function isPlan(argument: Argument): argument is Plan {
  return typeof argument === "object" && ["call", "reference", "bounded", "empty", "longEnough", "enum"].includes(argument.kind);
}

export function fc(name: FastCheckName, ...args: Argument[]): Plan {
  return { kind: "call", name, args };
}

/** An object of what is given; nothing where all of it is absent. */
export function options(given: Readonly<Record<string, Argument | undefined>>): Argument[] {
  const entries = Object.entries(given).filter((entry): entry is [string, Argument] => entry[1] !== undefined);
  return entries.length === 0 ? [] : [{ kind: "object", entries }];
}

/** How many circles a value of a recursive type goes through before it ends. */
export const DEPTH = 2;
