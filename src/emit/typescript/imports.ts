/** The imports of a generated module, which follow from the symbols that it uses, and their names in it. */
import { group, ifBroken, indent, isSequence, join, line, type Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { RUNTIME_MODULE } from "./runtime-symbols.js";
import type { SymbolRef } from "./symbol.js";

/** A name that the module imports. */
interface Imported {
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
  readonly #modules = new Map<string, Map<string, Imported>>();
  /** Each with what the module calls it. */
  readonly #globals = new Map<string, string>();

  /** Symbols that have been noted. Most objects are met again and again, though each may have others that are equal. */
  readonly #noted = new Set<SymbolRef>();

  /** Of the module at the path `from`; specifiers of generated modules end in `extension`. */
  constructor(from: string, extension = ".js") {
    this.#from = from;
    this.#extension = extension;
  }

  /** Notes every symbol within a document, and adds each of them to `noted`. */
  gather(doc: Doc, noted?: Set<SymbolRef>): void {
    if (typeof doc === "string") return;
    if (isSequence(doc)) {
      for (const item of doc) this.gather(item, noted);
      return;
    }
    switch (doc.kind) {
      case "symbol":
        noted?.add(doc);
        if (this.#noted.has(doc)) return;
        this.#noted.add(doc);
        return this.#note(doc);
      case "line":
        return;
      case "ifBroken":
        this.gather(doc.broken, noted);
        return this.gather(doc.flat, noted);
      default:
        return this.gather(doc.content, noted);
    }
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
    for (const name of this.#globals.keys()) {
      if (!taken.has(name)) continue;
      this.#globals.set(name, `globalThis.${name}`);
      found = true;
    }
    return found;
  }

  /** What the module calls a symbol. */
  nameOf({ origin, name }: SymbolRef): string {
    if (origin.from === "global") return this.#globals.get(name) ?? name;
    return this.#modules.get(origin.from === "runtime" ? RUNTIME : origin.path)?.get(name)?.local ?? name;
  }

  /** Of all names, or of those are among the `used`, as the module calls them. */
  statements(used?: ReadonlySet<string>): Doc[] {
    return this.#inOrder()
      .map(([path, names]) => [path, names.filter(({ local }) => used?.has(local) ?? true)] as const)
      .filter(([, names]) => names.length > 0)
      .map(([path, names]) => importStatement(this.#specifier(path), names));
  }

  #note({ origin, name, use }: SymbolRef): void {
    if (origin.from === "global") {
      if (!this.#globals.has(name)) this.#globals.set(name, name);
      return;
    }
    const path = origin.from === "runtime" ? RUNTIME : origin.path;
    if (path === this.#from) return;
    let names = this.#modules.get(path);
    if (names === undefined) this.#modules.set(path, (names = new Map()));
    const imported = names.get(name);
    if (imported === undefined) names.set(name, { name, local: name, runs: use === "value" });
    else imported.runs ||= use === "value";
  }

  /** The runtime first, then by specifier; names by their text. */
  #inOrder(): (readonly [path: string, names: readonly Imported[]])[] {
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
function importStatement(specifier: string, names: readonly Imported[]): Doc {
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
