/** Reads a type as the IDL writes it, on the command line: `Order[]`, `map<string, u32>`. */
import type { Scalar, TypeRef } from "../ir/schema.js";

const SCALARS = new Set<string>([
  "bool",
  "i8",
  "i16",
  "i32",
  "i64",
  "u8",
  "u16",
  "u32",
  "u64",
  "f32",
  "f64",
  "string",
  "bytes",
  "timestamp",
  "duration",
  "uuid",
] satisfies Scalar[]);
/** As deep as an unknown list may nest: docs/wire.md, 1.6. */
const MAX_NESTING = 32;

/** What a person typed names nothing. */
export interface NotFound {
  readonly problem: string;
  readonly help?: string | undefined;
}

export type ParsedType = { readonly type: TypeRef } | NotFound;

export interface Names {
  /** What a name means that is no scalar. */
  readonly resolve: (name: string) => ParsedType;
  readonly isKey: (type: TypeRef) => boolean;
}

export function parseTypeExpression(text: string, { resolve, isKey }: Names): ParsedType {
  const tokens = text.match(/[\w.]+|\S/g) ?? [];
  let at = 0;

  function malformed(): NotFound {
    return { problem: `"${text}" is no type`, help: "write a name, `Name[]` or `map<string, Name>`" };
  }

  function accept(token: string): boolean {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  }

  function type(depth: number): ParsedType {
    const first = map(depth) ?? name();
    if ("problem" in first) return first;
    let found = first.type;
    for (let lists = depth; accept("["); lists++) {
      if (!accept("]") || lists >= MAX_NESTING) return malformed();
      found = { kind: "list", element: found };
    }
    return { type: found };
  }

  function map(depth: number): ParsedType | undefined {
    if (tokens[at] !== "map" || tokens[at + 1] !== "<") return undefined;
    at += 2;
    if (depth >= MAX_NESTING) return malformed();
    const key = name();
    if ("problem" in key) return key;
    if (!isKey(key.type))
      return {
        problem: `"${tokens[at - 1]}" cannot be the key of a map`,
        help: "keys are strings, integers, bools and enums",
      };
    if (!accept(",")) return malformed();
    const value = type(depth + 1);
    if ("problem" in value) return value;
    if (!accept(">")) return malformed();
    return { type: { kind: "map", key: key.type, value: value.type } };
  }

  function name(): ParsedType {
    const token = tokens[at++];
    if (token === undefined || !/^[\w.]+$/.test(token)) return malformed();
    return SCALARS.has(token) ? { type: { kind: "scalar", scalar: token as Scalar } } : resolve(token);
  }

  const parsed = type(0);
  return "problem" in parsed || at === tokens.length ? parsed : malformed();
}
