/** Every declaration of a program by its full and its short name, and what a file can see of them. */
import type { Collector } from "../diagnostics/collector.js";
import type { DeclarationNode, Identifier } from "../parser/ast.js";
import { builtInAnnotations } from "./built-in-annotations.js";
import { isTypeWord } from "./built-in-types.js";
import type { LoadedFile, LoadedImport, Program } from "./program.js";

export interface Declared {
  readonly fullName: string;
  readonly file: LoadedFile;
  readonly node: DeclarationNode;
}

/** The table of declarations. Where a program declares a full name twice, which is reported, the first has the name. */
export class Symbols {
  readonly program: Program;
  readonly #byFullName = new Map<string, Declared>();
  readonly #byShortName = new Map<string, Declared[]>();
  readonly #byNode = new Map<DeclarationNode, Declared>();
  readonly #byFile = new Map<LoadedFile, Map<string, Declared>>();
  #areDistinct = true;

  constructor(program: Program, found: Collector) {
    this.program = program;
    for (const file of program.files) {
      const own = new Map<string, Declared>();
      this.#byFile.set(file, own);
      for (const node of file.node.declarations) this.#declare(file, node, own, found);
    }
  }

  #declare(file: LoadedFile, node: DeclarationNode, own: Map<string, Declared>, found: Collector): void {
    const name = node.name.text;
    refuseBuiltIns(node, node.name, found);
    const declared = { fullName: qualify(packageOf(file), name), file, node };
    this.#byNode.set(node, declared);
    const first = this.#byFullName.get(declared.fullName);
    if (first !== undefined) {
      this.#areDistinct = false;
      found.report(
        "RPC2020",
        node.name.span,
        { name: declared.fullName },
        { related: [{ message: "first declared here", span: first.node.name.span }] },
      );
      if (!own.has(name)) own.set(name, declared);
      return;
    }
    own.set(name, declared);
    this.#byFullName.set(declared.fullName, declared);
    const same = this.#byShortName.get(name);
    if (same === undefined) this.#byShortName.set(name, [declared]);
    else same.push(declared);
  }

  /** Whether no full name was declared twice, so that what a name means is no matter of order. */
  get areDistinct(): boolean {
    return this.#areDistinct;
  }

  of(node: DeclarationNode): Declared {
    const declared = this.#byNode.get(node);
    if (declared === undefined) throw new Error(`"${node.name.text}" is not of this program`);
    return declared;
  }

  own(file: LoadedFile): ReadonlyMap<string, Declared> {
    return this.#byFile.get(file) ?? new Map();
  }

  byFullName(fullName: string): Declared | undefined {
    return this.#byFullName.get(fullName);
  }

  byShortName(name: string): readonly Declared[] {
    return this.#byShortName.get(name) ?? [];
  }
}

/** "" where the file does not say its package, which is reported elsewhere. */
export function packageOf(file: LoadedFile): string {
  return file.node.packages[0]?.name.text ?? "";
}

/** Whether the names of an imported file are in scope without a prefix. */
export function isOpen(imported: LoadedImport, importer: LoadedFile): boolean {
  if (imported.node.alias === undefined) return true;
  return imported.file !== undefined && packageOf(imported.file) === packageOf(importer);
}

export function qualify(packageName: string, name: string): string {
  return packageName === "" ? name : `${packageName}.${name}`;
}

function refuseBuiltIns(node: DeclarationNode, name: Identifier, found: Collector): void {
  if (node.kind === "annotation") {
    if (builtInAnnotations.has(name.text)) found.report("RPC2115", name.span, { name: name.text });
  } else if (isTypeWord(name.text)) {
    found.report("RPC2023", name.span, { name: name.text });
  }
}
