/** Declared errors as classes that extend `RpcError`, and the fields from which they are made. */
import type { ErrorType, Field, Value } from "../../ir/schema.js";
import { group, line, type Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import {
  annotated,
  assignmentOfWhole,
  block,
  condition,
  objectLiteral,
  property,
  propertyOfWhole,
  signature,
} from "./code-writer/shapes.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { mayBeLeftOut } from "./input-forms.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { printInput } from "./records.js";
import { runtimeType, runtimeValue } from "./runtime-symbols.js";
import { typeExpression, unitNote } from "./type-expression.js";
import { valueExpression } from "./value-expression.js";

/** The one field that `RpcError` has too: a declared string of this name is the error's message. */
export const MESSAGE_FIELD = "message";

export function printError(file: GeneratedFile, names: Names, error: ErrorType): void {
  const name = declaredName(error);
  // The parameters of the constructor, which an import must not hide behind.
  file.reserve(name, "fields", "options");
  const own = error.fields.filter((field) => memberName(field) !== MESSAGE_FIELD);
  file.section(
    ...docComment(error),
    block(
      ["export class ", name, " extends ", runtimeValue("RpcError")],
      [assignmentOfWhole("static readonly errorName", quote(error.wireName)), ";"],
      ...(error.retryable ? ["static readonly retryable = true;"] : []),
      ...own.flatMap((field) => [...docComment(field, unitNote(names, field.type, field)), propertyOf(names, field)]),
      "",
      constructorOf(names, error, own),
    ),
  );
  // An error is made of values that a reader could get: its fields are what the catcher sees, on either side.
  printInput(file, names, { base: name, fields: error.fields }, "decoded");
}

/** `declare` for what may be absent: a plain property would be there, as undefined, from the start. */
function propertyOf(names: Names, field: Field): Doc {
  const key = memberName(field);
  const type = typeExpression(names, field.type, "decoded", field);
  return [annotated(field.optional ? `declare readonly ${key}?` : `readonly ${key}`, type), ";"];
}

function constructorOf(names: Names, error: ErrorType, own: readonly Field[]): Doc {
  const init = derivedNames.init(declaredName(error));
  const fieldsName = error.fields.length === 0 ? "_fields" : "fields";
  const fields = annotated(fieldsName, init);
  const parameters = [
    error.fields.every(mayBeLeftOut) ? [fields, " = {}"] : fields,
    annotated("options?", runtimeType("RpcErrorOptions")),
  ];
  const message = error.fields.find((field) => memberName(field) === MESSAGE_FIELD);
  const entries: Doc[] = [
    property("code", quote(error.code)),
    propertyOfWhole("errorName", quote(error.wireName)),
    "...options",
    ...(message === undefined ? [] : [messageEntry(names, message)]),
  ];
  return block(
    signature("constructor", parameters),
    ["super(", objectLiteral(...entries), ");"],
    ...own.map((field) => assignField(names, field)),
  );
}

/** Behind the options: the field wins over them, and where it is absent they have the word. */
function messageEntry(names: Names, message: Field): Doc {
  if (message.default !== undefined) return propertyOfWhole("message", withDefault(names, message, message.default));
  return message.optional ? "message: fields.message ?? options?.message" : "message: fields.message";
}

function assignField(names: Names, field: Field): Doc {
  const key = memberName(field);
  const target = `this.${key}`;
  const source = `fields.${key}`;
  if (field.default !== undefined) return [assignmentOfWhole(target, withDefault(names, field, field.default)), ";"];
  const assign: Doc = [assignmentOfWhole(target, source), ";"];
  return field.optional ? block(condition(source, "!==", "undefined"), assign) : assign;
}

/** An enum's default is its number, since the enum may be called as the constructor's parameter is. */
function withDefault(names: Names, field: Field, value: Value): Doc {
  const fallback = value.kind === "enum" ? String(value.number) : valueExpression(names, value, field.type, field);
  return group(`fields.${memberName(field)} ??`, line, fallback);
}
