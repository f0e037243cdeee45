/** What types and declarations mention. */
import type { Declaration, Field, TypeRef } from "./schema.js";

/** The full names in a type, from left to right. */
export function namesIn(type: TypeRef): string[] {
  switch (type.kind) {
    case "scalar":
      return [];
    case "list":
      return namesIn(type.element);
    case "map":
      return [...namesIn(type.key), ...namesIn(type.value)];
    case "named":
      return [type.name];
  }
}

/** The fields that a declaration has, members of unions included. */
export function fieldsIn(declaration: Declaration): readonly Field[] {
  if (declaration.kind === "union") return declaration.members;
  return "fields" in declaration ? declaration.fields : [];
}

/** Full names that a declaration refers to. */
export function namesUsedBy(declaration: Declaration): string[] {
  if (declaration.kind === "alias" || declaration.kind === "const") return namesIn(declaration.type);
  if (declaration.kind !== "service") return fieldsIn(declaration).flatMap(({ type }) => namesIn(type));
  return declaration.methods.flatMap(({ parameters, result, throws }) => [
    ...(parameters.kind === "stream" ? namesIn(parameters.element) : parameters.fields.flatMap(({ type }) => namesIn(type))),
    ...(result === undefined ? [] : namesIn(result.type)),
    ...throws,
  ]);
}
