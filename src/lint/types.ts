/** What rules ask about types and names of methods. */
import type { Declaration, Scalar, TypeRef } from "../ir/schema.js";
import type { DeclarationSubject, LintProgram } from "./program.js";
import { plainWordsOf } from "./words.js";

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
  return plainWordsOf(name)[0] ?? "";
}

/** Whether a type is called as what one method takes. */
export function isCalledRequest(name: string): boolean {
  return /(Request|Params|Args|Input)$/.test(name);
}

export function declarationsOfKind<K extends Declaration["kind"]>(program: LintProgram, ...kinds: K[]): DeclarationSubject[] {
  return program.declarations.filter(({ kind }) => kinds.some((each) => each === kind));
}
