/** Declarations as text of the language. */
import type { AnnotationDeclaration, Declaration, Enum, Field, Method, Reserved } from "../../ir/schema.js";
import { declarationAnnotations, docLines, fieldAnnotations, memberAnnotations, methodAnnotations } from "./annotations.js";
import type { Scope } from "./scope.js";
import { literal } from "./values.js";

/** The lines of a declaration, with its documentation. */
export function printDeclaration(declaration: Declaration, scope: Scope): string[] {
  return [...docLines(declaration), ...declarationAnnotations(declaration, scope), ...body(declaration, scope)];
}

function body(declaration: Declaration, scope: Scope): string[] {
  const { name } = declaration;
  switch (declaration.kind) {
    case "const":
      return [`const ${name}: ${scope.type(declaration.type)} = ${literal(declaration.value)};`];
    case "alias":
      return [`alias ${name} = ${scope.type(declaration.type)};`];
    case "enum":
      return block(`enum ${name}`, [...enumMembers(declaration, scope), ...reservedMember(declaration.reserved)]);
    case "struct":
      return block(`struct ${name}`, fieldLines(declaration.fields, scope, () => ""));
    case "message":
    case "error":
      return block(`${declaration.kind} ${name}`, [...fieldLines(declaration.fields, scope, numbered), ...reservedMember(declaration.reserved)]);
    case "union":
      return block(`union ${name}`, [...fieldLines(declaration.members, scope, numbered), ...reservedMember(declaration.reserved)]);
    case "service":
      return block(`service ${name}`, declaration.methods.flatMap((method) => printMethod(method, scope)));
    case "annotation":
      return [`annotation ${name}${annotationParameters(declaration, scope)} on ${declaration.targets.join(", ")};`];
  }
}

function block(head: string, members: readonly string[]): string[] {
  return members.length === 0 ? [`${head} {}`] : [`${head} {`, ...members.map((line) => `  ${line}`), "}"];
}

function enumMembers({ members }: Enum, scope: Scope): string[] {
  return members.flatMap((member) => [...docLines(member), `${lead(memberAnnotations(member, scope))}${member.name} = ${member.number};`]);
}

function fieldLines(fields: readonly Field[], scope: Scope, end: (field: Field) => string): string[] {
  return fields.flatMap((field) => [...docLines(field), `${fieldText(field, scope)}${end(field)};`]);
}

function fieldText(field: Field, scope: Scope): string {
  return `${lead(fieldAnnotations(field, scope))}${field.name}${field.optional ? "?" : ""}: ${scope.type(field.type)}`;
}

function numbered({ number }: Field): string {
  return ` = ${number}`;
}

function reservedMember(reserved: Reserved): string[] {
  const text = reservedText(reserved);
  return text === undefined ? [] : [`${text};`];
}

function reservedText({ ranges, names }: Reserved): string | undefined {
  const parts = [...ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)), ...names.map((name) => JSON.stringify(name))];
  return parts.length === 0 ? undefined : `reserved ${parts.join(", ")}`;
}

/** The lines of a method, with its documentation. Parameters that have some stand a line each. */
export function printMethod(method: Method, scope: Scope): string[] {
  const { parameters, name } = method;
  const before = docLines(method);
  const start = `${lead(methodAnnotations(method, scope))}${name}(`;
  const isDocumented = parameters.kind === "fields" && parameters.fields.some(({ doc }) => doc !== undefined);
  if (!isDocumented) return [...before, `${start}${parameterTexts(method, scope).map(({ text }) => text).join(", ")})${answerText(method, scope)};`];
  return [...before, start, ...parameterTexts(method, scope).flatMap(({ doc, text }) => [...doc, `${text},`]).map((line) => `  ${line}`), `)${answerText(method, scope)};`];
}

/** `get(id: string) -> Order throws NotFound`: in one line and without documentation. */
export function methodSignature(method: Method, scope: Scope): string {
  return `${method.name}(${parameterTexts(method, scope).map(({ text }) => text).join(", ")})${answerText(method, scope)}`;
}

function answerText({ result, throws }: Method, scope: Scope): string {
  const answer = result === undefined ? "" : ` -> ${result.stream ? "stream " : ""}${scope.type(result.type)}`;
  return `${answer}${throws.length === 0 ? "" : ` throws ${throws.map((error) => scope.name(error)).join(", ")}`}`;
}

interface ParameterText {
  readonly doc: readonly string[];
  readonly text: string;
}

function parameterTexts({ parameters }: Method, scope: Scope): ParameterText[] {
  if (parameters.kind === "stream") return [{ doc: [], text: `stream ${scope.type(parameters.element)}` }];
  const { fields, reserved } = parameters;
  const kept = reservedText(reserved);
  const isInOrder = kept === undefined && fields.every(({ number }, at) => number === at + 1);
  const texts = fields.map((field) => ({ doc: docLines(field), text: `${fieldText(field, scope)}${isInOrder ? "" : numbered(field)}` }));
  return kept === undefined ? texts : [...texts, { doc: [], text: kept }];
}

function annotationParameters({ parameters }: AnnotationDeclaration, scope: Scope): string {
  if (parameters.length === 0) return "";
  const texts = parameters.map(({ name, type, optional, default: given }) => `${given === undefined ? "" : `@default(${literal(given)}) `}${name}${optional ? "?" : ""}: ${scope.type(type)}`);
  return `(${texts.join(", ")})`;
}

function lead(annotations: readonly string[]): string {
  return annotations.map((annotation) => `${annotation} `).join("");
}
