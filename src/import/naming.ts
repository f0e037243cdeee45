/** How names of protobuf become names of ours: fields and methods in camelCase, nested types joined with those around them. */

/** Words of the language that cannot name a type. */
const BUILT_IN = new Set("bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 string bytes timestamp duration uuid map stream".split(" "));

/** "page_size" is "pageSize". */
export function camelCase(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** "pageSize" is "page_size". A name that has underscores is left as it is. */
export function snakeCase(name: string): string {
  return name.includes("_") ? name : name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
}

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
