/** Finds what the bytes are to be read as: the TYPE of the command line. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import { SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, Field, Method, Schema, Service, TypeRef } from "../ir/schema.js";
import { parseTypeExpression, type NotFound, type ParsedType } from "./type-expression.js";
import { typeText } from "./type-text.js";

export type Subject =
  | { readonly kind: "type"; readonly name: string; readonly type: TypeRef }
  /** Of an error, or of a method's parameters. */
  | { readonly kind: "fields"; readonly name: string; readonly label: string; readonly fields: readonly Field[] }
  /** The result of a method that has none: no bytes. */
  | { readonly kind: "nothing"; readonly name: string };

type Named<T> = { readonly found: T } | NotFound;

/**
 * Reads TYPE: a type expression (`Order`, `city.orders.Order`, `Order[]`, `map<string, u32>`), an error, or a method
 * (`Orders/get`), which stands for its parameters, or for its result if `result` is set. A short name is looked for in the
 * last file of the schema first, which is the one that was asked for.
 */
export function findSubject(schema: Schema, text: string, result: boolean): { readonly subject: Subject } | NotFound {
  const method = findMethod(schema, text.trim());
  if (method !== undefined) return "problem" in method ? method : { subject: subjectOfMethod(method.found, result) };
  if (result) return { problem: `"${text}" is no method, so it has no result`, help: "name a method: Service/method" };
  const index = new SchemaIndex(schema);
  const isBare = /^[\w.]+$/.test(text.trim());
  const parsed = parseTypeExpression(text, {
    resolve: (name) => resolve(schema, name, isBare),
    isKey: (type) => isKey(index, type),
  });
  if ("problem" in parsed) return parsed;
  const { type } = parsed;
  if (type.kind !== "named") return { subject: { kind: "type", name: typeText(type), type } };
  const declaration = index.declaration(type.name);
  if (declaration.kind !== "error") return { subject: { kind: "type", name: type.name, type } };
  return { subject: { kind: "fields", name: type.name, label: declaration.name, fields: declaration.fields } };
}

function subjectOfMethod({ path, name: label, parameters, result }: Method, ofResult: boolean): Subject {
  if (ofResult) {
    if (result === undefined) return { kind: "nothing", name: `the result of ${path}` };
    return {
      kind: "type",
      name: `${result.stream ? "an element of the result" : "the result"} of ${path}`,
      type: result.type,
    };
  }
  if (parameters.kind === "stream")
    return { kind: "type", name: `an element of the parameters of ${path}`, type: parameters.element };
  return { kind: "fields", name: `the parameters of ${path}`, label, fields: parameters.fields };
}

/** Undefined where the text does not have the form of a method, and is no method. */
function findMethod(schema: Schema, text: string): Named<Method> | undefined {
  const [, serviceName, methodName] = /^([\w.]+)[/.](\w+)$/.exec(text) ?? [];
  if (serviceName === undefined || methodName === undefined) return undefined;
  const isPath = text.includes("/");
  const services = declarationsOf(schema).filter((each): each is Service => each.kind === "service");
  const exact = services.flatMap((service) => service.methods).find((method) => method.path === text);
  if (exact !== undefined) return { found: exact };
  const named = pick(schema, services, serviceName);
  const service = "found" in named ? named.found : undefined;
  const method = service?.methods.find(({ name }) => name === methodName);
  if (method !== undefined) return { found: method };
  if (!isPath && service === undefined) return undefined;
  if ("problem" in named) return named;
  const near = closest(
    methodName,
    named.found.methods.map(({ name }) => name),
  );
  const help =
    near === undefined
      ? `its methods are ${named.found.methods.map(({ name }) => name).join(", ")}`
      : didYouMean(`${named.found.name}/${near}`);
  return { problem: `the service "${named.found.fullName}" has no method "${methodName}"`, help };
}

/** The type that a name means, or the error where one may stand. */
function resolve(schema: Schema, name: string, mayBeError: boolean): ParsedType {
  const all = declarationsOf(schema);
  const named = pick(
    schema,
    all.filter(({ kind }) => isType(kind) || (mayBeError && kind === "error")),
    name,
  );
  if ("found" in named) return { type: { kind: "named", name: named.found.fullName } };
  const other = pick(schema, all, name);
  if (!("found" in other)) return named;
  const { found } = other;
  switch (found.kind) {
    case "service":
      return {
        problem: `"${found.fullName}" is a service`,
        help: `name one of its methods, such as ${found.name}/${found.methods[0]?.name ?? "get"}`,
      };
    case "error":
      return {
        problem: `"${found.fullName}" is an error, which is part of no other type`,
        help: `write "${found.name}" alone`,
      };
    default:
      return { problem: `"${found.fullName}" is no type` };
  }
}

function isType(kind: Declaration["kind"]): boolean {
  return kind === "alias" || kind === "enum" || kind === "struct" || kind === "message" || kind === "union";
}

function isKey(index: SchemaIndex, type: TypeRef): boolean {
  const concrete = index.concrete(type);
  if (concrete.kind === "declared") return concrete.declaration.kind === "enum";
  return (
    concrete.kind === "scalar" &&
    (concrete.scalar === "bool" || concrete.scalar === "string" || /^[iu]\d+$/.test(concrete.scalar))
  );
}

function declarationsOf(schema: Schema): Declaration[] {
  return schema.files.flatMap((file) => file.declarations);
}

/** By its full name, or by the end of it behind a dot. */
function pick<T extends Declaration>(schema: Schema, candidates: readonly T[], name: string): Named<T> {
  const named = candidates.filter(({ fullName }) => fullName === name || fullName.endsWith(`.${name}`));
  const asked = schema.files.at(-1)?.declarations ?? [];
  const byRank = [
    named.filter(({ fullName }) => fullName === name),
    named.filter((each) => asked.includes(each)),
    named,
  ];
  const [found, ...others] = byRank.find(({ length }) => length > 0) ?? [];
  if (found === undefined) {
    const near = closest(
      name,
      candidates.map((each) => (name.includes(".") ? each.fullName : each.name)),
    );
    return { problem: `there is no "${name}" in these files`, help: didYouMean(near) };
  }
  if (others.length === 0) return { found };
  return {
    problem: `"${name}" may mean ${[found, ...others].map(({ fullName }) => `"${fullName}"`).join(" or ")}`,
    help: "write the full name",
  };
}
