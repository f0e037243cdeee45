/** The names that `@wireName` and `@tsName` give: whether they can be used, and what they come to. */
import type { Collector } from "../diagnostics/collector.js";
import type { Span } from "../text/span.js";
import type { Position } from "./built-in-annotations.js";
import type { Applied } from "./read-annotations.js";

export interface GivenName {
  readonly value: string;
  readonly span: Span;
}

const identifier = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;
const dottedName = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const methodName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const printable = /^[^\p{C}]{1,200}$/u;

const wireNameRules: Readonly<Record<"method" | "member" | "declaration", readonly [RegExp, string]>> = {
  method: [methodName, "letters, digits and `_`, for it is a part of the call's path"],
  member: [printable, "1 to 200 characters that can be printed"],
  declaration: [dottedName, "a name such as `Order`, or a full name such as `city.orders.Order`"],
};

const memberPositions: ReadonlySet<Position> = new Set([
  "field",
  "structField",
  "parameter",
  "unionMember",
  "enumMember",
]);

/** Reads both names from what stands on a thing. One that cannot be used is reported and left out. */
export function checkGivenNames(
  applied: Applied,
  position: Position,
  found: Collector,
): { wireName?: GivenName; tsName?: GivenName } {
  const wireName = readGivenName("wireName", applied);
  const tsName = readGivenName("tsName", applied);
  const kind = position === "method" ? "method" : memberPositions.has(position) ? "member" : "declaration";
  const [rule, wanted] = wireNameRules[kind];
  const wireNameFits = fits("wireName", wireName, rule, wanted, found);
  const tsNameFits = fits("tsName", tsName, identifier, "an identifier of TypeScript", found);
  return { ...(wireName && wireNameFits && { wireName }), ...(tsName && tsNameFits && { tsName }) };
}

/** What a top-level thing is called on the wire: a name without dots is put into the package. */
export function fullWireName(given: GivenName | undefined, packageName: string, fullName: string): string {
  if (given === undefined) return fullName;
  return given.value.includes(".") || packageName === "" ? given.value : `${packageName}.${given.value}`;
}

export function readGivenName(name: "wireName" | "tsName", applied: Applied): GivenName | undefined {
  const annotation = applied.builtIn.get(name);
  const value = annotation?.values.get("name");
  return annotation && value?.kind === "string" ? { value: value.value, span: annotation.node.span } : undefined;
}

function fits(
  annotation: string,
  given: GivenName | undefined,
  rule: RegExp,
  wanted: string,
  found: Collector,
): boolean {
  if (given === undefined) return false;
  if (rule.test(given.value)) return true;
  found.report("RPC2120", given.span, { annotation, value: JSON.stringify(given.value), wanted });
  return false;
}
