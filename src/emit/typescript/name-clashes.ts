/** Finds the names of a schema that cannot stand in generated TypeScript, before any of it is printed. */
import { Collector } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, ErrorType, Field, SchemaFile, Service } from "../../ir/schema.js";
import type { Span } from "../../text/span.js";
import { MESSAGE_FIELD } from "./errors.js";
import { declaredName, exportedNames, memberName, parameterNames } from "./names.js";
import { isClientMember, isErrorMember, isUndeclarable } from "./reserved-words.js";

interface Member {
  readonly name: string;
  readonly tsName?: string;
  readonly span: Span;
  /** Of fields. */
  readonly optional?: boolean;
  readonly default?: unknown;
}

export function findNameClashes(index: SchemaIndex, source: SchemaFile): readonly Diagnostic[] {
  const found = new Collector();
  checkExports(source, found);
  for (const declaration of source.declarations) checkMembers(index, declaration, found);
  return found.sorted();
}

/** Something that exports names: a declaration, or the parameters of a method. */
interface Exporter {
  readonly what: string;
  readonly span: Span;
}

function checkExports(source: SchemaFile, found: Collector): void {
  const taken = new Map<string, Exporter>();
  /** Of two that clash in several names, the first such name is reported. */
  const take = (names: readonly string[], exporter: Exporter): void => {
    const reported = new Set<Exporter>();
    for (const name of names) {
      const before = taken.get(name);
      if (before === undefined) taken.set(name, exporter);
      if (before === undefined || reported.has(before)) continue;
      reported.add(before);
      const related = [{ message: `"${name}" comes from here too`, span: before.span }];
      found.report("RPC6002", exporter.span, { name, what: exporter.what, otherWhat: before.what }, { related });
    }
  };
  for (const declaration of source.declarations) {
    const { kind, span } = declaration;
    const base = declaredName(declaration);
    const names = exportedNames(declaration);
    if (names.includes(base) && isUndeclarable(base)) found.report("RPC6001", span, { name: base, what: kind });
    take(names, { what: `the ${kind} "${declaration.name}"`, span });
    if (kind === "service") takeParameters(declaration, take);
  }
}

function takeParameters(service: Service, take: (names: readonly string[], exporter: Exporter) => void): void {
  const seen = new Set<string>();
  for (const method of service.methods) {
    const name = memberName(method);
    // Two methods of one name are found among the members.
    if (method.parameters.kind === "stream" || seen.has(name)) continue;
    seen.add(name);
    take(parameterNames(service, method), { what: `the parameters of "${service.name}.${method.name}"`, span: method.span });
  }
}

function checkMembers(index: SchemaIndex, declaration: Declaration, found: Collector): void {
  switch (declaration.kind) {
    case "struct":
    case "message":
      return checkDistinct(declaration.name, declaration.fields, found);
    case "enum":
    case "union":
      return checkDistinct(declaration.name, declaration.members, found);
    case "error":
      checkDistinct(declaration.name, declaration.fields, found);
      return checkErrorFields(index, declaration, found);
    case "service":
      return checkMethods(declaration, found);
    default:
      return;
  }
}

function mayBeLeftOut(member: Member): boolean {
  return member.optional === true || member.default !== undefined;
}

function checkDistinct(owner: string, members: readonly Member[], found: Collector): void {
  const seen = new Map<string, Span>();
  for (const member of members) {
    const name = memberName(member);
    if (name === "__proto__") found.report("RPC6006", member.span, { owner });
    else if (mayBeLeftOut(member) && name in Object.prototype) found.report("RPC6007", member.span, { owner, name });
    const before = seen.get(name);
    if (before === undefined) {
      seen.set(name, member.span);
    } else {
      const related = [{ message: `"${name}" is taken here`, span: before }];
      found.report("RPC6003", member.span, { name, owner }, { related });
    }
  }
}

function checkErrorFields(index: SchemaIndex, error: ErrorType, found: Collector): void {
  for (const field of error.fields) {
    const name = memberName(field);
    if (name === MESSAGE_FIELD && isString(index, field)) continue;
    if (isErrorMember(name)) found.report("RPC6004", field.span, { name, error: error.name });
  }
}

function isString(index: SchemaIndex, field: Field): boolean {
  const type = index.concrete(field.type);
  return type.kind === "scalar" && type.scalar === "string";
}

function checkMethods(service: Service, found: Collector): void {
  checkDistinct(service.name, service.methods, found);
  for (const method of service.methods) {
    const name = memberName(method);
    if (isClientMember(name)) found.report("RPC6005", method.span, { name, service: service.name });
    const { parameters } = method;
    if (parameters.kind === "fields") checkDistinct(`${service.name}.${method.name}`, parameters.fields, found);
  }
}
