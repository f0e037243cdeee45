/** Prints the module of types: everything that a schema file declares, and the parameters of its methods. */
import type { Declaration, SchemaFile, Service } from "../../ir/schema.js";
import { printAlias, printConst } from "./constants.js";
import { printEnum } from "./enums.js";
import { printError } from "./errors.js";
import type { GeneratedFile } from "./generated-file.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { printRecord } from "./records.js";
import { printUnion } from "./unions.js";

export function printTypes(file: GeneratedFile, names: Names, source: SchemaFile): void {
  for (const declaration of inOrderOfEvaluation(source.declarations)) {
    file.unit(declaration.fullName, [declaration.fullName], () => printDeclaration(file, names, declaration));
  }
}

function printDeclaration(file: GeneratedFile, names: Names, declaration: Declaration): void {
  switch (declaration.kind) {
    case "const":
      return printConst(file, names, declaration);
    case "alias":
      return printAlias(file, names, declaration);
    case "enum":
      return printEnum(file, declaration);
    case "struct":
    case "message":
      return printRecord(file, names, { ...declaration, base: declaredName(declaration) });
    case "union":
      return printUnion(file, names, declaration);
    case "error":
      return printError(file, names, declaration);
    case "service":
      return printParameters(file, names, declaration);
    case "annotation":
      return;
  }
}

function printParameters(file: GeneratedFile, names: Names, service: Service): void {
  for (const method of service.methods) {
    if (method.parameters.kind === "stream") continue;
    const base = derivedNames.params(declaredName(service), memberName(method));
    const doc = `The parameters of ${declaredName(service)}.${memberName(method)}.`;
    printRecord(file, names, { base, doc, fields: method.parameters.fields });
  }
}

/** Source order, but for an enum that a constant before it refers to: its object must be there first. */
function inOrderOfEvaluation(declarations: readonly Declaration[]): Declaration[] {
  const neededEnums = new Set<string>();
  for (const declaration of declarations) {
    if (declaration.kind === "const" && declaration.value.kind === "enum") neededEnums.add(declaration.value.enum);
  }
  const first = declarations.findIndex(
    (declaration) => declaration.kind === "const" && declaration.value.kind === "enum",
  );
  const late = declarations.filter((declaration, index) => index > first && neededEnums.has(declaration.fullName));
  if (first === -1 || late.length === 0) return [...declarations];
  const rest = declarations.filter((declaration) => !late.includes(declaration));
  return [...rest.slice(0, first), ...late, ...rest.slice(first)];
}
