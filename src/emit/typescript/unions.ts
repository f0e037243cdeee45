/** Unions as discriminated types: one object type a member, and the member that this version does not know. */
import type { Field, Union } from "../../ir/schema.js";
import { hardline, indent, type Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { annotated, objectType, spacedType } from "./code-writer/shapes.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { inputOfFieldsDiffers } from "./input-forms.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { printSameInput } from "./records.js";
import { runtimeType } from "./runtime-symbols.js";
import { typeExpression, unitNote, type Form } from "./type-expression.js";

export function printUnion(file: GeneratedFile, names: Names, union: Union): void {
  const base = declaredName(union);
  file.reserve(base);
  file.section(...docComment(union), unionAlias(names, base, union, "decoded"));
  if (!inputOfFieldsDiffers(names.index, union.members)) {
    printSameInput(file, base);
    return;
  }
  const name = derivedNames.init(base);
  file.reserve(name);
  file.section(`/** ${base} as a caller may write it. */`, unionAlias(names, name, union, "init"));
}

function unionAlias(names: Names, name: string, union: Union, form: Form): Doc {
  const members = union.members.map((member) => unionMember(names, member, form));
  return [`export type ${name} =`, spacedType(...members, runtimeType("UnknownMember")), ";"];
}

function unionMember(names: Names, member: Field, form: Form): Doc {
  const kind = `kind: ${quote(memberName(member))}`;
  const value = annotated("value", typeExpression(names, member.type, form, member));
  const comment = docComment(member, unitNote(names, member.type, member));
  if (comment.length === 0) return objectType(kind, value);
  const lines = [...comment, [kind, ";"], [value, ";"]];
  return ["{", indent(lines.map((line) => [hardline, line])), hardline, "}"];
}
