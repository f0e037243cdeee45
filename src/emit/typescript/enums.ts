/** Enums: an object of their numbers, and a type of those and of the numbers that this version does not know. */
import type { Enum } from "../../ir/schema.js";
import { lines } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { assignment, generic, objectLiteral, spacedType } from "./code-writer/shapes.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { declaredName, memberName } from "./names.js";
import { runtimeType } from "./runtime-symbols.js";

export function printEnum(file: GeneratedFile, declaration: Enum): void {
  const name = declaredName(declaration);
  file.reserve(name);
  const entries = declaration.members.map((member) =>
    lines(...docComment(member), `${memberName(member)}: ${member.number}`),
  );
  file.section(...docComment(declaration), [
    assignment(`export const ${name}`, [objectLiteral(...entries), " as const"]),
    ";",
  ]);
  const known = `(typeof ${name})[keyof typeof ${name}]`;
  const unknown = generic(runtimeType("UnknownEnum"), quote(declaration.fullName));
  file.section([`export type ${name} =`, spacedType(known, unknown), ";"]);
}
