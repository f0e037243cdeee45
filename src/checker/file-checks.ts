/** The checks of one program, file by file: each of them asks what is known of the files before. */
import { Collector } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Value } from "../ir/schema.js";
import type { DeclarationNode } from "../parser/ast.js";
import { checkAliases } from "./check-aliases.js";
import { checkConstants } from "./check-constants.js";
import { DeclarationChecker } from "./check-declarations.js";
import { FieldChecker } from "./check-fields.js";
import { checkImports, checkPackage, checkUnusedImports } from "./check-files.js";
import { MethodChecker } from "./check-methods.js";
import { checkRecursion } from "./check-recursion.js";
import { HeldDepths } from "./held-depths.js";
import type { WireName } from "./check-wire-names.js";
import { lowerToIr } from "./lower-to-ir.js";
import type { LoadedFile } from "./program.js";
import { Annotations } from "./read-annotations.js";
import { interfaceOf, type CheckedFile } from "./remembered.js";
import { Names } from "./resolve-names.js";
import { Types, type AliasFacts } from "./resolve-types.js";
import type { Symbols } from "./symbols.js";
import { Values } from "./values.js";

export interface FoundInFiles {
  readonly diagnostics: readonly Diagnostic[];
  readonly wireNames: readonly WireName[];
}

export class FileChecks {
  readonly #found = new Collector();
  readonly #symbols: Symbols;
  readonly #names: Names;
  readonly #types: Types;
  readonly #values: Values;
  readonly #annotations: Annotations;
  readonly #fields: FieldChecker;
  readonly #methods: MethodChecker;
  readonly #declarations: DeclarationChecker;
  readonly #depths = new HeldDepths();

  constructor(symbols: Symbols) {
    const found = this.#found;
    const names = new Names(symbols, found);
    const types = new Types(symbols, names, found);
    const values = new Values(names, types, found);
    const annotations = new Annotations(names, types, values, found);
    const fields = new FieldChecker(types, values, annotations, found);
    const methods = new MethodChecker(names, annotations, found);
    this.#symbols = symbols;
    this.#names = names;
    this.#types = types;
    this.#values = values;
    this.#annotations = annotations;
    this.#fields = fields;
    this.#methods = methods;
    this.#declarations = new DeclarationChecker({ symbols, types, annotations, fields, methods, found });
  }

  /** Checks files that import each other, or one alone. What they import beside must have been checked, or restored. */
  check(files: readonly LoadedFile[]): FoundInFiles {
    const found = this.#found;
    for (const file of files) {
      checkPackage(file, found);
      checkImports(file, found);
    }
    checkAliases(files, this.#symbols, this.#types, found);
    checkConstants(files, this.#symbols, this.#names, this.#types, this.#values, found);
    for (const file of files) for (const node of file.node.declarations) this.#declarations.check(node, file);
    checkRecursion(files, this.#symbols, this.#types, this.#depths, found);
    for (const file of files) checkUnusedImports(file, this.#names, found);
    return { diagnostics: found.take(), wireNames: this.#declarations.takeWireNames() };
  }

  /** What is to be kept of a file that was checked and has no errors, and imports none that has. `next` is its version, if it is not the one before. */
  remember(file: LoadedFile, sees: string, found: FoundInFiles, before: CheckedFile | undefined, next: number): CheckedFile {
    const symbols = this.#symbols;
    const types = this.#types;
    const values = this.#values;
    const aliases = new Map<DeclarationNode, AliasFacts>();
    const constants = new Map<DeclarationNode, Value | undefined>();
    const depths = new Map<DeclarationNode, number>();
    for (const node of file.node.declarations) {
      if (node.kind === "alias") aliases.set(node, types.aliasFacts(symbols.of(node)));
      if (node.kind === "const") constants.set(node, values.constant(symbols.of(node)));
      const depth = this.#depths.of(symbols.of(node));
      if (depth !== undefined) depths.set(node, depth);
    }
    const checked = { depths: this.#depths, symbols, types, values, annotations: this.#annotations, fields: this.#fields, methods: this.#methods, declarations: this.#declarations };
    const shown = interfaceOf(file, checked);
    const isAsBefore = before !== undefined && before.interface === shown && before.sees === sees;
    return {
      node: file.node,
      sees,
      ...found,
      aliases,
      constants,
      depths,
      schema: lowerToIr(file, checked),
      interface: shown,
      version: isAsBefore ? before.version : next,
    };
  }

  /** Takes what is known of a file in place of checking it. */
  restore(file: LoadedFile, { aliases, constants, depths }: CheckedFile): void {
    for (const node of file.node.declarations) {
      const alias = aliases.get(node);
      const depth = depths.get(node);
      if (depth !== undefined) this.#depths.restore(this.#symbols.of(node), depth);
      if (alias !== undefined) this.#types.restoreAlias(this.#symbols.of(node), alias);
      else if (node.kind === "const") this.#values.setConstant(this.#symbols.of(node), constants.get(node));
    }
  }
}
