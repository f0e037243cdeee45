/** A name that generated code refers to, and where it comes from; imports follow from these. */

export interface SymbolRef {
  readonly kind: "symbol";
  readonly origin:
    | { readonly from: "runtime" }
    /** What every JavaScript program has, such as `Map`. */
    | { readonly from: "global" }
    /** A generated module: its path relative to the output folder, less `.ts`, such as "billing/orders.types". */
    | { readonly from: "module"; readonly path: string };
  /** The name under which its origin exports it. */
  readonly name: string;
  /** "type" where the place of use vanishes when types are taken off: such a name is imported with `type`. */
  readonly use: "type" | "value";
}

/** A name of a generated module. */
export function exported(path: string, name: string, use: SymbolRef["use"]): SymbolRef {
  return { kind: "symbol", origin: { from: "module", path }, name, use };
}

/** A global; it prints bare, or as `globalThis.X` in a file that has another `X`. */
export function globalSymbol(name: string): SymbolRef {
  const known = globals.get(name) ?? { kind: "symbol", origin: { from: "global" }, name, use: "value" };
  globals.set(name, known);
  return known;
}

/** One object for each: there are a few dozen. */
const globals = new Map<string, SymbolRef>();
