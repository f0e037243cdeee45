/** What stands before a name: its documentation, and annotations from the properties that the checker made of them. */
import { durationText } from "../../ir/duration-text.js";
import type { Constraints, Declaration, ErrorType, Field, Method } from "../../ir/schema.js";
import type { Scope } from "./scope.js";
import { literal, numberText } from "./values.js";

type Named = Pick<Declaration, "name" | "wireName" | "tsName" | "doc" | "deprecated" | "annotations">;

export function docLines({ doc }: { readonly doc?: string }): string[] {
  return doc === undefined ? [] : doc.split(/\r\n|[\n\r]/).map((line) => (line === "" ? "///" : `/// ${line}`));
}

/** Of anything that has a name; `wireName` is what the wire would call it by itself. */
function namedAnnotations(named: Named, wireName: string, scope: Scope): string[] {
  const { annotations, deprecated, tsName } = named;
  return [
    ...annotations.map(({ name, arguments: given }) => {
      const list = Object.entries(given).map(([parameter, value]) => `${parameter}: ${literal(value)}`);
      return `@${scope.name(name)}${list.length === 0 ? "" : `(${list.join(", ")})`}`;
    }),
    ...(deprecated === undefined ? [] : [`@deprecated${deprecated === "" ? "" : `(${JSON.stringify(deprecated)})`}`]),
    ...(named.wireName === wireName ? [] : [`@wireName(${JSON.stringify(named.wireName)})`]),
    ...(tsName === undefined ? [] : [`@tsName(${JSON.stringify(tsName)})`]),
  ];
}

export function memberAnnotations(member: Named, scope: Scope): string[] {
  return namedAnnotations(member, member.name, scope);
}

export function declarationAnnotations(declaration: Declaration, scope: Scope): string[] {
  return [...namedAnnotations(declaration, declaration.fullName, scope), ...(declaration.kind === "error" ? errorAnnotations(declaration) : [])];
}

function errorAnnotations({ code, retryable }: ErrorType): string[] {
  return [`@code(${code})`, ...(retryable ? ["@retryable"] : [])];
}

export function methodAnnotations(method: Method, scope: Scope): string[] {
  const { semantics, semanticsStated, retainMs, deadlineMs, attempts, hedge } = method;
  return [
    ...(semanticsStated ? [`@${semantics}${retainMs === undefined ? "" : `(retain: ${millisecondsText(retainMs)})`}`] : []),
    ...(deadlineMs === undefined ? [] : [`@deadline(${millisecondsText(deadlineMs)})`]),
    ...(attempts === undefined ? [] : [`@retry(attempts: ${attempts})`]),
    ...(hedge ? ["@hedge"] : []),
    ...memberAnnotations(method, scope),
  ];
}

/** Deadlines and retentions are whole milliseconds. */
function millisecondsText(milliseconds: number): string {
  return durationText(BigInt(milliseconds) * 1_000_000n);
}

export function fieldAnnotations(field: Field, scope: Scope): string[] {
  return [
    ...(field.default === undefined ? [] : [`@default(${literal(field.default)})`]),
    ...(field.constraints === undefined ? [] : constraintAnnotations(field.constraints, isDuration(field, scope))),
    ...(field.sensitive ? ["@sensitive"] : []),
    ...(field.int64 === "number" ? ["@number"] : []),
    ...(field.nanos ? ["@nanos"] : []),
    ...(field.typedArray ? ["@typedArray"] : []),
    ...memberAnnotations(field, scope),
  ];
}

function constraintAnnotations({ min, max, minLength, maxLength, pattern }: Constraints, ofDuration: boolean): string[] {
  const bound = (text: string): string => (ofDuration ? durationText(BigInt(text)) : numberText(text));
  const length = [...(minLength === undefined ? [] : [`min: ${minLength}`]), ...(maxLength === undefined ? [] : [`max: ${maxLength}`])];
  return [
    ...(min === undefined ? [] : [`@min(${bound(min)})`]),
    ...(max === undefined ? [] : [`@max(${bound(max)})`]),
    ...(length.length === 0 ? [] : [`@length(${length.join(", ")})`]),
    ...(pattern === undefined ? [] : [`@pattern(${JSON.stringify(pattern)})`]),
  ];
}

function isDuration({ type }: Field, { index }: Scope): boolean {
  const concrete = index.concrete(type);
  return concrete.kind === "scalar" && concrete.scalar === "duration";
}
