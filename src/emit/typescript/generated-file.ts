/** One generated module: what emitters printed into it, and the imports that follow from the symbols they used. */
import type { OutputFile } from "../emitter.js";
import { group, hardline, ifBroken, indent, join, line, lines, type Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { render } from "./code-writer/render.js";
import { RUNTIME_MODULE } from "./runtime-symbols.js";
import type { SymbolRef } from "./symbol.js";

/** A name that the module imports, and whether any use of it runs. */
interface Imported {
  readonly name: string;
  readonly local: string;
  runs: boolean;
}

export class GeneratedFile {
  /** Relative to the output folder, less `.ts`. */
  readonly modulePath: string;
  readonly #header: Doc;
  readonly #sections: Doc[] = [];
  readonly #taken = new Set<string>();

  /** `header` stands above the imports. */
  constructor(modulePath: string, header: Doc) {
    this.modulePath = modulePath;
    this.#header = header;
  }

  get isEmpty(): boolean {
    return this.#sections.length === 0;
  }

  /** Names that no import of this module may take: those it declares, and those of parameters and variables in it. */
  reserve(...names: string[]): void {
    for (const name of names) this.#taken.add(name);
  }

  /** Appends lines below what was printed before, after an empty line. */
  section(...items: Doc[]): void {
    this.#sections.push(lines(...items));
  }

  toOutput(): OutputFile {
    const imports = new Map<string, Map<string, Imported>>();
    const globals = new Set<string>();
    const modules = symbolsIn(this.#sections, this.modulePath);
    for (const [specifier, names] of modules.imports) {
      const imported = new Map<string, Imported>();
      imports.set(specifier, imported);
      for (const [name, runs] of names) imported.set(name, { name, local: this.#freeName(name), runs });
    }
    for (const name of modules.globals) if (this.#taken.has(name)) globals.add(name);

    const nameOf = (symbol: SymbolRef): string => {
      if (symbol.origin.from === "global") return globals.has(symbol.name) ? `globalThis.${symbol.name}` : symbol.name;
      const specifier = specifierOf(symbol, this.modulePath);
      return (specifier === undefined ? undefined : imports.get(specifier)?.get(symbol.name)?.local) ?? symbol.name;
    };
    const importLines = [...imports].map(([specifier, names]) => importStatement(specifier, [...names.values()]));
    const parts = [this.#header, ...(importLines.length > 0 ? [lines(...importLines)] : []), ...this.#sections];
    return { path: `${this.modulePath}.ts`, text: render([join([hardline, hardline], parts), hardline], nameOf) };
  }

  #freeName(name: string): string {
    let free = name;
    for (let number = 1; this.#taken.has(free); number++) free = `${name}$${number}`;
    this.#taken.add(free);
    return free;
  }
}

/** The specifier by which a symbol is imported; undefined for globals and the module's own names. */
function specifierOf(symbol: SymbolRef, from: string): string | undefined {
  switch (symbol.origin.from) {
    case "global":
      return undefined;
    case "runtime":
      return RUNTIME_MODULE;
    case "module":
      return symbol.origin.path === from ? undefined : relativeSpecifier(from, symbol.origin.path);
  }
}

/** `./x.types.js` or `../a/x.types.js`, from one module path to another. */
export function relativeSpecifier(from: string, to: string): string {
  const source = from.split("/").slice(0, -1);
  const target = to.split("/");
  let shared = 0;
  while (shared < source.length && shared < target.length - 1 && source[shared] === target[shared]) shared++;
  const up = "../".repeat(source.length - shared);
  return `${up === "" ? "./" : up}${target.slice(shared).join("/")}.js`;
}

interface UsedSymbols {
  /** By specifier, the runtime first, then in order of text; names in order of text, with whether any use runs. */
  readonly imports: readonly (readonly [string, readonly (readonly [string, boolean])[]])[];
  readonly globals: ReadonlySet<string>;
}

function symbolsIn(docs: readonly Doc[], from: string): UsedSymbols {
  const bySpecifier = new Map<string, Map<string, boolean>>();
  const globals = new Set<string>();
  const visit = (doc: Doc): void => {
    if (typeof doc === "string") return;
    if (isSequence(doc)) {
      doc.forEach(visit);
      return;
    }
    switch (doc.kind) {
      case "symbol": {
        const specifier = specifierOf(doc, from);
        if (doc.origin.from === "global") globals.add(doc.name);
        if (specifier === undefined) return;
        const names = bySpecifier.get(specifier) ?? new Map<string, boolean>();
        bySpecifier.set(specifier, names);
        names.set(doc.name, (names.get(doc.name) ?? false) || doc.use === "value");
        return;
      }
      case "line":
        return;
      case "ifBroken":
        visit(doc.broken);
        visit(doc.flat);
        return;
      default:
        visit(doc.content);
    }
  };
  docs.forEach(visit);
  const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
  const imports = [...bySpecifier].sort(byText).map(([specifier, names]) => [specifier, [...names].sort(byText)] as const);
  const runtimeFirst = [
    ...imports.filter(([specifier]) => specifier === RUNTIME_MODULE),
    ...imports.filter(([specifier]) => specifier !== RUNTIME_MODULE),
  ];
  return { imports: runtimeFirst, globals };
}

function isSequence(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
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
