/** Finds what the bytes are to be read as: the TYPE of the command line. */
import { SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, Field, Method, Schema, TypeRef } from "../ir/schema.js";
import { declarationsOf, findMethod, pick } from "./find-declaration.js";
import { parseTypeExpression, type NotFound, type ParsedType } from "./type-expression.js";
import { typeText } from "./type-text.js";

export type Subject =
  | { readonly kind: "type"; readonly name: string; readonly type: TypeRef }
  /** Of an error, or of a method's parameters. */
  | { readonly kind: "fields"; readonly name: string; readonly label: string; readonly fields: readonly Field[] }
  /** The result of a method that has none: no bytes. */
  | { readonly kind: "nothing"; readonly name: string };

/**
 * Reads TYPE: a type expression (`Order`, `city.orders.Order`, `Order[]`, `map<string, u32>`), an error, or a method
 * (`Orders/get`), which stands for its parameters, or for its result if `result` is set. A short name is looked for in the
 * last file of the schema first, which is the one that was asked for.
 */
export function findSubject(schema: Schema, text: string, result: boolean): { readonly subject: Subject } | NotFound {
  const method = findMethod(schema, text.trim());
  if (method !== undefined) return "problem" in method ? method : { subject: subjectOfMethod(method.found.method, result) };
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
