/** What rules ask about types and names of methods. */
import type { Declaration, Field, Scalar, TypeRef } from "../ir/schema.js";
import type { DeclarationSubject, LintProgram } from "./program.js";
import { wordsOf } from "./words.js";

/** The scalar that a type is, seen through aliases. */
export function scalarOf({ index }: LintProgram, type: TypeRef): Scalar | undefined {
  const concrete = index.concrete(type);
  return concrete.kind === "scalar" ? concrete.scalar : undefined;
}

/** The message, struct, union or enum that a type is, seen through aliases. */
export function declaredOf({ index }: LintProgram, type: TypeRef): Declaration | undefined {
  const concrete = index.concrete(type);
  return concrete.kind === "declared" ? concrete.declaration : undefined;
}

export function isCollection({ index }: LintProgram, type: TypeRef): boolean {
  const { kind } = index.concrete(type);
  return kind === "list" || kind === "map";
}

export function isNumber(scalar: Scalar | undefined): boolean {
  return scalar !== undefined && /^[iuf]\d/.test(scalar);
}

/** "cancel" of `cancelOrder`. */
export function verbOf(name: string): string {
  return (wordsOf(name)[0] ?? "").toLowerCase();
}

/** The fields that a declaration has, members of unions included. */
export function fieldsIn(declaration: Declaration): readonly Field[] {
  if (declaration.kind === "union") return declaration.members;
  return "fields" in declaration ? declaration.fields : [];
}

/** Full names in a type. */
export function namesIn(type: TypeRef): string[] {
  switch (type.kind) {
    case "scalar":
      return [];
    case "named":
      return [type.name];
    case "list":
      return namesIn(type.element);
    case "map":
      return [...namesIn(type.key), ...namesIn(type.value)];
  }
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

export function declarationsOfKind<K extends Declaration["kind"]>(program: LintProgram, ...kinds: K[]): DeclarationSubject[] {
  return program.declarations.filter(({ kind }) => kinds.some((each) => each === kind));
}
