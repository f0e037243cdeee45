/** Finds the names of a schema that cannot stand in generated TypeScript, before any of it is printed. */
import { Collector } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, ErrorType, Field, SchemaFile, Service } from "../../ir/schema.js";
import type { Span } from "../../text/span.js";
import { MESSAGE_FIELD } from "./errors.js";
import { declaredName, derivedNames, memberName } from "./names.js";
import { isClientMember, isErrorMember, isUndeclarable } from "./reserved-words.js";

interface Member {
  readonly name: string;
  readonly tsName?: string;
  readonly span: Span;
}

export function findNameClashes(index: SchemaIndex, source: SchemaFile): readonly Diagnostic[] {
  const found = new Collector();
  checkExports(source, found);
  for (const declaration of source.declarations) checkMembers(index, declaration, found);
  return found.sorted();
}

/** The names that one declaration exports, each with what it comes from. */
function exportsOf(declaration: Declaration): Map<string, string> {
  const base = declaredName(declaration);
  const what = `the ${declaration.kind} "${declaration.name}"`;
  const names = new Map<string, string>();
  switch (declaration.kind) {
    case "annotation":
      break;
    case "const":
    case "enum":
      names.set(base, what);
      break;
    case "alias":
      for (const name of [base, derivedNames.init(base)]) names.set(name, what);
      break;
    case "struct":
    case "message":
    case "union":
    case "error":
      for (const name of [base, derivedNames.init(base), derivedNames.codec(base)]) names.set(name, what);
      break;
    case "service": {
      const { client, handlers, binding, methods, descriptor } = derivedNames;
      for (const derive of [client, handlers, binding, methods, descriptor]) names.set(derive(base), what);
      break;
    }
  }
  return names;
}

function checkExports(source: SchemaFile, found: Collector): void {
  const taken = new Map<string, { readonly what: string; readonly span: Span }>();
  const take = (name: string, what: string, span: Span): void => {
    const before = taken.get(name);
    if (before === undefined) {
      taken.set(name, { what, span });
      return;
    }
    const related = [{ message: `"${name}" comes from here too`, span: before.span }];
    found.report("RPC6002", span, { name, what, otherWhat: before.what }, { related });
  };
  for (const declaration of source.declarations) {
    const base = declaredName(declaration);
    const names = exportsOf(declaration);
    if (names.has(base) && isUndeclarable(base)) found.report("RPC6001", declaration.span, { name: base, what: declaration.kind });
    for (const [name, what] of names) take(name, what, declaration.span);
    if (declaration.kind === "service") takeParameters(declaration, take);
  }
}

function takeParameters(service: Service, take: (name: string, what: string, span: Span) => void): void {
  for (const method of service.methods) {
    if (method.parameters.kind === "stream") continue;
    const base = derivedNames.params(declaredName(service), memberName(method));
    const what = `the parameters of "${service.name}.${method.name}"`;
    for (const name of [base, derivedNames.init(base), derivedNames.codec(base)]) take(name, what, method.span);
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

function checkDistinct(owner: string, members: readonly Member[], found: Collector): void {
  const seen = new Map<string, Span>();
  for (const member of members) {
    const name = memberName(member);
    if (name === "__proto__") found.report("RPC6006", member.span, { owner });
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
