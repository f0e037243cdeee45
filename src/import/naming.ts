/** How names of types and methods become names of ours, and how those that would be one are kept apart. */
import { pascalCase } from "../text/protobuf-names.js";

/** Words of the language that cannot name a type. */
const BUILT_IN = new Set("bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 string bytes timestamp duration uuid map stream".split(" "));

/** Method names begin with a capital letter in protobuf. */
export function methodName(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** The name of a type whose path is "Outer.Inner": "OuterInner". */
export function typeName(path: string): string {
  const parts = path.split(".");
  const joined = parts.length === 1 ? path : parts.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`).join("");
  return BUILT_IN.has(joined) ? pascalCase(joined) : joined;
}

/** Gives each name once: what is taken gets underscores behind it. */
export class Taken {
  readonly #names = new Set<string>();

  has(name: string): boolean {
    return this.#names.has(name);
  }

  claim(...wishes: readonly string[]): string {
    let name = wishes.find((wish) => !this.#names.has(wish));
    for (name ??= `${wishes.at(-1)}_`; this.#names.has(name); name += "_");
    this.#names.add(name);
    return name;
  }
}
