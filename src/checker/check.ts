/** Checks a whole program and, where it has no errors, lowers it to the schema. */
import { Collector } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Schema } from "../ir/schema.js";
import { checkAliases } from "./check-aliases.js";
import { checkConstants } from "./check-constants.js";
import { DeclarationChecker } from "./check-declarations.js";
import { FieldChecker } from "./check-fields.js";
import { checkImports, checkPackage, checkUnusedImports } from "./check-files.js";
import { MethodChecker } from "./check-methods.js";
import { checkRecursion } from "./check-recursion.js";
import { lowerToIr } from "./lower-to-ir.js";
import type { Program } from "./program.js";
import { Annotations } from "./read-annotations.js";
import { Names } from "./resolve-names.js";
import { Types } from "./resolve-types.js";
import { Symbols } from "./symbols.js";
import { Values } from "./values.js";

export interface CheckResult {
  /** Deeply frozen. Absent where the checks found errors, or where a file was not understood whole or an import failed. */
  readonly schema?: Schema;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(program: Program): CheckResult {
  const found = new Collector();
  const symbols = new Symbols(program, found);
  const names = new Names(symbols, found);
  const types = new Types(symbols, names, found);
  const values = new Values(names, types, found);
  const annotations = new Annotations(names, types, values, found);
  const fields = new FieldChecker(types, values, annotations, found);
  const methods = new MethodChecker(names, annotations, found);
  const declarations = new DeclarationChecker({ symbols, types, annotations, fields, methods, found });

  for (const file of program.files) {
    checkPackage(file, found);
    checkImports(file, found);
  }
  checkAliases(symbols, types, found);
  checkConstants(symbols, names, types, values, found);
  for (const file of program.files) for (const node of file.node.declarations) declarations.check(node, file);
  checkRecursion(symbols, types, found);
  for (const file of program.files) checkUnusedImports(file, names, found);

  const diagnostics = found.sorted();
  const isWhole = program.files.every(
    (file) => file.isWhole && file.imports.every((imported) => imported.file !== undefined),
  );
  if (found.hasErrors || !isWhole) return { diagnostics };
  return {
    schema: lowerToIr(program, { symbols, types, values, annotations, fields, methods, declarations }),
    diagnostics,
  };
}
