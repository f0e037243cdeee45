/** The imports of a generated module, which follow from the symbols that it uses, and their names in it. */
import { group, ifBroken, indent, join, line, type Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { RUNTIME_MODULE } from "./runtime-symbols.js";
import type { SymbolRef } from "./symbol.js";

/** A name that the module imports, or a global. */
interface Noted {
  readonly name: string;
  /** What the module calls it. */
  local: string;
  /** Whether any use of it runs; else it is imported as a type. */
  runs: boolean;
}

/** The runtime's key among the modules; no module path is empty. */
const RUNTIME = "";

export class Imports {
  readonly #from: string;
  readonly #extension: string;
  /** By module path, then by exported name. */
  readonly #modules = new Map<string, Map<string, Noted>>();
  readonly #globals = new Map<string, Noted>();
  /** The module's own names, which nobody imports. */
  readonly #own = new Map<string, Noted>();
  /** By symbol: most objects are met again and again, though each may have others that are equal. */
  readonly #noted = new Map<SymbolRef, Noted>();

  /** Of the module at the path `from`; specifiers of generated modules end in `extension`. */
  constructor(from: string, extension = ".js") {
    this.#from = from;
    this.#extension = extension;
  }

  /** What the module calls a symbol, which it uses from now on. */
  use(symbol: SymbolRef): string {
    let noted = this.#noted.get(symbol);
    if (noted === undefined) this.#noted.set(symbol, (noted = this.#note(symbol)));
    return noted.local;
  }

  /** What the module calls a symbol, or would if it used it. */
  nameOf(symbol: SymbolRef): string {
    return (this.#noted.get(symbol) ?? this.#namesOf(symbol).get(symbol.name))?.local ?? symbol.name;
  }

  /**
   * Gives another name to each import that is called as one of the module's own names or as an import before it, and to
   * each global that is called as any of those. Returns whether there were such.
   */
  resolveClashes(ownNames: Iterable<string>): boolean {
    const taken = new Set(ownNames);
    let found = false;
    for (const [, names] of this.#inOrder()) {
      for (const imported of names) {
        for (let number = 1; taken.has(imported.local); number++) imported.local = `${imported.name}$${number}`;
        taken.add(imported.local);
        found ||= imported.local !== imported.name;
      }
    }
    for (const known of this.#globals.values()) {
      if (!taken.has(known.name)) continue;
      known.local = `globalThis.${known.name}`;
      found = true;
    }
    return found;
  }

  /** Of all names, or of those are among the `used`, as the module calls them. */
  statements(used?: ReadonlySet<string>): Doc[] {
    return this.#inOrder()
      .map(([path, names]) => [path, names.filter(({ local }) => used?.has(local) ?? true)] as const)
      .filter(([, names]) => names.length > 0)
      .map(([path, names]) => importStatement(this.#specifier(path), names));
  }

  #note(symbol: SymbolRef): Noted {
    const { name, use } = symbol;
    const names = this.#namesOf(symbol);
    let noted = names.get(name);
    if (noted === undefined) names.set(name, (noted = { name, local: name, runs: false }));
    noted.runs ||= use === "value";
    return noted;
  }

  /** Of where a symbol comes from. */
  #namesOf({ origin }: SymbolRef): Map<string, Noted> {
    if (origin.from === "global") return this.#globals;
    const path = origin.from === "runtime" ? RUNTIME : origin.path;
    if (path === this.#from) return this.#own;
    let names = this.#modules.get(path);
    if (names === undefined) this.#modules.set(path, (names = new Map()));
    return names;
  }

  /** The runtime first, then by specifier; names by their text. */
  #inOrder(): (readonly [path: string, names: readonly Noted[]])[] {
    return [...this.#modules]
      .map(([path, names]) => ({ key: path === RUNTIME ? "" : this.#specifier(path), path, names }))
      .sort((a, b) => compare(a.key, b.key))
      .map(({ path, names }) => [path, [...names.values()].sort((a, b) => compare(a.name, b.name))]);
  }

  #specifier(path: string): string {
    return path === RUNTIME ? RUNTIME_MODULE : relativeSpecifier(this.#from, path, this.#extension);
  }
}

/** `./x.types.js` or `../a/x.types.js`, from one module path to another. */
export function relativeSpecifier(from: string, to: string, extension = ".js"): string {
  const source = from.split("/").slice(0, -1);
  const target = to.split("/");
  let shared = 0;
  while (shared < source.length && shared < target.length - 1 && source[shared] === target[shared]) shared++;
  const up = "../".repeat(source.length - shared);
  return `${up === "" ? "./" : up}${target.slice(shared).join("/")}${extension}`;
}

/** As `import type` where nothing of it runs, so that the import vanishes with the types. */
function importStatement(specifier: string, names: readonly Noted[]): Doc {
  const typesOnly = names.every((name) => !name.runs);
  const specifiers = names.map(({ name, local, runs }) => {
    const renamed = name === local ? name : `${name} as ${local}`;
    return runs || typesOnly ? renamed : `type ${renamed}`;
  });
  const keyword = typesOnly ? "import type {" : "import {";
  // prettier never breaks the braces around a single name.
  const braces =
    specifiers.length === 1
      ? [keyword, " ", ...specifiers, " }"]
      : group(keyword, indent(line, join([",", line], specifiers)), ifBroken(","), line, "}");
  return [braces, ` from ${quote(specifier)};`];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
