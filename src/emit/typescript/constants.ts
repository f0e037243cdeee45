/** Constants, and aliases: the declarations of one line. */
import type { Alias, Const, Value } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { annotated, assignment, assignmentOfWhole, assignmentOnOneLine } from "./code-writer/shapes.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { declaredName, derivedNames, type Names } from "./names.js";
import { typeExpression, unitNote, type Form } from "./type-expression.js";
import { valueExpression } from "./value-expression.js";

/** A number literal as prettier sees one: neither negative nor a bigint. */
const UNSIGNED_NUMBER = /^\d[^n]*$/;

export function printConst(file: GeneratedFile, names: Names, constant: Const): void {
  const name = declaredName(constant);
  file.reserve(name);
  const value = valueExpression(names, constant.value, constant.type);
  // A member of an enum has no type that a reader of this line alone could tell, as `isolatedDeclarations` asks.
  const type = constant.value.kind === "enum" ? typeExpression(names, constant.type, "decoded") : undefined;
  const left = type === undefined ? `export const ${name}` : annotated(`export const ${name}`, type);
  file.section(...docComment(constant, unitNote(names, constant.type)), [assign(constant.value, left, value), ";"]);
}

/** Laid out by what the value is written as: a number, a string or member, or another expression. */
function assign(value: Value, left: Doc, right: Doc): Doc {
  switch (value.kind) {
    case "bool":
      return assignmentOnOneLine(left, right);
    case "string":
    case "enum":
      return assignmentOfWhole(left, right);
    default:
      return typeof right === "string" && UNSIGNED_NUMBER.test(right)
        ? assignmentOnOneLine(left, right)
        : assignment(left, right);
  }
}

export function printAlias(file: GeneratedFile, names: Names, alias: Alias): void {
  const base = declaredName(alias);
  file.reserve(base);
  file.section(...docComment(alias, unitNote(names, alias.type)), aliasOf(names, base, alias, "decoded"));
  if (!names.hasInit(alias.fullName)) return;
  const init = derivedNames.init(base);
  file.reserve(init);
  file.section(`/** ${base} as a caller may write it. */`, aliasOf(names, init, alias, "init"));
}

function aliasOf(names: Names, name: string, alias: Alias, form: Form): Doc {
  return [assignment(`export type ${name}`, typeExpression(names, alias.type, form)), ";"];
}
