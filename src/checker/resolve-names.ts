/** Finds what a name in a file stands for, and says so where it stands for nothing, for too much, or for the wrong kind of thing. */
import type { Collector } from "../diagnostics/collector.js";
import { closest } from "../diagnostics/did-you-mean.js";
import type { DeclarationNode, QualifiedName } from "../parser/ast.js";
import { builtInAnnotations } from "./built-in-annotations.js";
import { habitHelp, scalarNames } from "./built-in-types.js";
import { writtenImport } from "./import-paths.js";
import type { LoadedFile, LoadedImport } from "./program.js";
import { isOpen, packageOf, qualify, type Declared, type Symbols } from "./symbols.js";

/** What a place in the source wants a name to be. */
export type Wanted = "type" | "error" | "annotation" | "constant";

const kindsWanted: Readonly<Record<Wanted, ReadonlySet<DeclarationNode["kind"]>>> = {
  type: new Set(["alias", "enum", "struct", "message", "union"]),
  error: new Set(["error"]),
  annotation: new Set(["annotation"]),
  constant: new Set(["const"]),
};

/** Suggestions cost time for each known name, so a file full of unknown names gets this many. */
const suggestionLimit = 200;

export class Names {
  readonly #symbols: Symbols;
  readonly #found: Collector;
  readonly #used = new Set<LoadedImport>();
  #suggestions = 0;

  constructor(symbols: Symbols, found: Collector) {
    this.#symbols = symbols;
    this.#found = found;
  }

  /** Whether a name of the file was reached through this import. */
  isUsed(imported: LoadedImport): boolean {
    return this.#used.has(imported);
  }

  /** What a name stands for, without a word about it where it stands for nothing. More than one: it is ambiguous. */
  lookUp(name: string, file: LoadedFile): readonly Declared[] {
    const found = this.#candidates(name, file);
    for (const { file: home } of found) {
      if (home === file) continue;
      for (const imported of file.imports) if (imported.file === home) this.#used.add(imported);
    }
    return found;
  }

  /** The declaration that a name stands for; undefined where there is none, which is then reported. */
  resolve(name: QualifiedName, file: LoadedFile, wanted: Wanted): Declared | undefined {
    const candidates = this.lookUp(name.text, file);
    const fitting = candidates.filter((candidate) => kindsWanted[wanted].has(candidate.node.kind));
    const [declared, ...others] = fitting.length > 0 ? fitting : candidates;
    if (declared === undefined) {
      this.reportUnknown(name, file, wanted);
      return undefined;
    }
    if (others.length > 0) {
      const choices = [declared, ...others];
      const related = choices.map((choice) => ({ message: "declared here", span: choice.node.name.span }));
      this.#found.report(
        "RPC2025",
        name.span,
        { name: name.text, choices: choices.map((choice) => choice.fullName) },
        { related },
      );
      return undefined;
    }
    if (fitting.length === 0) {
      this.#reportWrongKind(name, declared, wanted);
      return undefined;
    }
    return declared;
  }

  #candidates(name: string, file: LoadedFile): readonly Declared[] {
    const dot = name.lastIndexOf(".");
    if (dot === -1) {
      const own = this.#symbols.own(file).get(name);
      if (own !== undefined) return [own];
      const found = new Set<Declared>();
      for (const imported of file.imports) {
        if (imported.file === undefined || !isOpen(imported, file)) continue;
        const declared = this.#symbols.own(imported.file).get(name);
        if (declared !== undefined) found.add(declared);
      }
      return [...found];
    }
    const prefix = name.slice(0, dot);
    for (const imported of file.imports) {
      if (imported.node.alias?.text !== prefix || imported.file === undefined) continue;
      const declared = this.#symbols.own(imported.file).get(name.slice(dot + 1));
      if (declared !== undefined) return [declared];
    }
    const declared = this.#symbols.byFullName(name);
    if (declared === undefined) return [];
    const visible = declared.file === file || file.imports.some((imported) => imported.file === declared.file);
    return visible ? [declared] : [];
  }

  /**
   * Reports a name that stands for nothing, unless it may come from a declaration that was skipped, or is looked for under the alias of an
   * import that failed: those were reported already. Another name may come from a failed import too, which the help says.
   */
  reportUnknown(name: QualifiedName, file: LoadedFile, wanted: Wanted): void {
    const habit = wanted === "type" ? habitHelp(name.text) : undefined;
    const near = habit === undefined ? this.#suggest(name, file, wanted) : undefined;
    if (this.#mayBeLost(name, file)) return;
    const failed = file.imports.filter((imported) => imported.file === undefined && imported.path !== file.path);
    const alias = name.parts.length > 1 ? name.parts[0]?.text : undefined;
    if (alias !== undefined && failed.some((imported) => imported.node.alias?.text === alias)) return;
    const unread = failed.find((imported) => imported.node.alias === undefined)?.node.path.value;
    const elsewhere = habit === undefined ? this.#elsewhere(name, file, wanted) : undefined;
    const through = elsewhere && file.imports.find((imported) => imported.file === elsewhere.file && imported.node.alias !== undefined);
    if (through !== undefined) this.#used.add(through);
    const suggestion = through === undefined ? near : `${through.node.alias?.text}.${name.text}`;
    if (elsewhere !== undefined && through === undefined) {
      this.#found.report(
        "RPC2026",
        name.span,
        { name: name.text, fullName: elsewhere.fullName, path: writtenImport(file.path, elsewhere.file.path) },
        { related: [{ message: "declared here", span: elsewhere.node.name.span }] },
      );
      return;
    }
    if (wanted === "annotation") {
      this.#found.report("RPC2100", name.span, {
        name: name.text,
        ...(suggestion !== undefined && { suggestion }),
        ...(unread !== undefined && { unread }),
      });
      return;
    }
    this.#found.report("RPC2024", name.span, {
      what: wanted,
      name: name.text,
      ...(suggestion !== undefined && { suggestion }),
      ...(habit !== undefined && { habit }),
      ...(unread !== undefined && { unread }),
    });
  }

  #reportWrongKind(name: QualifiedName, declared: Declared, wanted: Wanted): void {
    const help =
      wanted === "error" && declared.node.kind === "message"
        ? `declare it as \`error ${declared.node.name.text} { … }\``
        : undefined;
    this.#found.report(
      "RPC2027",
      name.span,
      {
        name: name.text,
        found: withArticle(declared.node.kind),
        wanted: withArticle(wanted),
        ...(help !== undefined && { help }),
      },
      { related: [{ message: "declared here", span: declared.node.name.span }] },
    );
  }

  /** What has the name where it is not in scope: behind an alias of the file, before all else. */
  #elsewhere(name: QualifiedName, file: LoadedFile, wanted: Wanted): Declared | undefined {
    const fits = (declared: Declared | undefined) =>
      declared !== undefined && kindsWanted[wanted].has(declared.node.kind);
    const exact = this.#symbols.byFullName(name.text);
    if (fits(exact)) return exact;
    const others = this.#symbols.byShortName(name.text).filter(fits);
    return others.find((declared) => file.imports.some((imported) => imported.file === declared.file)) ?? others[0];
  }

  #mayBeLost(name: QualifiedName, file: LoadedFile): boolean {
    const last = name.parts.at(-1)?.text ?? "";
    const owner = name.parts.at(-2)?.text ?? "";
    const isLost = (from: LoadedFile) => from.lostNames.has(last) || from.lostNames.has(owner);
    return isLost(file) || file.imports.some((imported) => imported.file !== undefined && isLost(imported.file));
  }

  #suggest(name: QualifiedName, file: LoadedFile, wanted: Wanted): string | undefined {
    this.#suggestions += 1;
    if (this.#suggestions > suggestionLimit) return undefined;
    const known: string[] =
      wanted === "type" ? [...scalarNames] : wanted === "annotation" ? [...builtInAnnotations.keys()] : [];
    const add = (from: LoadedFile, prefix: string) => {
      for (const [short, declared] of this.#symbols.own(from))
        if (kindsWanted[wanted].has(declared.node.kind)) known.push(prefix + short);
    };
    add(file, "");
    if (name.parts.length > 1) add(file, `${packageOf(file)}.`);
    for (const imported of file.imports) {
      if (imported.file === undefined) continue;
      if (isOpen(imported, file)) add(imported.file, "");
      const alias = imported.node.alias?.text;
      if (alias !== undefined) add(imported.file, `${alias}.`);
      if (name.parts.length > 1) add(imported.file, qualify(packageOf(imported.file), ""));
    }
    return closest(name.text, known);
  }
}

function withArticle(noun: string): string {
  const full = noun === "const" ? "constant" : noun;
  return /^[aeiou]/.test(full) ? `an ${full}` : `a ${full}`;
}
