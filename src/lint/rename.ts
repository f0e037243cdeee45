/** A new name as a fix: at the declaration and wherever the program says it, and so that the wire does not notice. */
import type { TextEdit } from "../diagnostics/diagnostic.js";
import type { Annotation, Literal, QualifiedName, TypeNode } from "../parser/ast.js";
import type { TypeRef } from "../ir/schema.js";
import type { Span } from "../text/span.js";
import { paired, type LintProgram, type MemberSubject, type NamedSubject } from "./program.js";
import type { ReportDetails } from "./rule.js";

/** What the wire or JSON knows by its name: renamed, it keeps the old one there. */
const NAMED_ON_WIRE = new Set(["service", "method", "error", "field", "structField", "unionMember", "parameter", "enumMember"]);

/**
 * The better name as a finding says it: one that `generate` takes too. Where TypeScript has no room for it there is no fix, for
 * the name may have been chosen for that, as `then_` was.
 */
export function renaming(program: LintProgram, subject: NamedSubject, to: string): Pick<ReportDetails, "help" | "fix"> {
  const { meaning, siblings } = subject;
  if (siblings.includes(to)) return { help: `\`${to}\` is taken: give one of the two a name that sets it apart` };
  if (meaning.tsName !== undefined || program.hasRoom(subject, to)) return { help: `call it \`${to}\``, fix: renameFix(program, subject, to) };
  return { help: `TypeScript has no room for \`${to}\` here: choose another word, or call it \`${to}\` behind \`@tsName("${meaning.name}")\`` };
}

/** Undefined where the name is none, or where it cannot be told which of several is meant. */
function renameFix(program: LintProgram, subject: NamedSubject, to: string): readonly TextEdit[] | undefined {
  const { node, kind } = subject;
  const from = node.name.text;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(to) || to === from) return undefined;
  const references = referencesTo(program, subject);
  if (references === undefined) return undefined;
  const keepsWireName = node.annotations.some(({ name }) => name.text === "wireName");
  const { file, start } = node.span;
  return [
    ...(NAMED_ON_WIRE.has(kind) && !keepsWireName ? [{ span: { file, start, end: start }, text: `@wireName(${JSON.stringify(from)}) ` }] : []),
    ...[node.name.span, ...references].map((span) => ({ span, text: to })),
  ];
}

/** Every place but the declaration's own. */
function referencesTo(program: LintProgram, subject: NamedSubject): Span[] | undefined {
  switch (subject.kind) {
    case "message":
    case "struct":
    case "union":
    case "alias":
      return isAlone(program, subject) ? typeReferences(program, subject.meaning.fullName) : undefined;
    case "enum":
      if (!isAlone(program, subject)) return undefined;
      return [...typeReferences(program, subject.meaning.fullName), ...literalNames(program).flatMap((name) => partOf(name, subject.node.name.text, 2))];
    case "error":
      return isAlone(program, subject) ? throwsReferences(program, subject.meaning.fullName) : undefined;
    case "const":
      return isAlone(program, subject) ? constantReferences(program, subject.node.name.text) : undefined;
    case "enumMember": {
      return isAlone(program, subject.owner) ? memberReferences(program, subject) : undefined;
    }
    case "annotation":
      return undefined;
    default:
      return [];
  }
}

/** Whether no other declaration of the program has its short name, so that a name says which is meant. */
function isAlone(program: LintProgram, { node }: NamedSubject): boolean {
  return program.declarations.filter((other) => other.node.name.text === node.name.text).length === 1;
}

/** The part of a name that stands `fromEnd`, if it has this text. */
function partOf(name: QualifiedName, text: string, fromEnd: 1 | 2): Span[] {
  const part = name.parts.at(-fromEnd);
  return part?.text === text ? [part.span] : [];
}

function typeReferences(program: LintProgram, fullName: string): Span[] {
  return typesOf(program).flatMap(([node, type]) => namesIn(node, type, fullName));
}

function namesIn(node: TypeNode, type: TypeRef, fullName: string): Span[] {
  if (node.kind === "list" && type.kind === "list") return namesIn(node.element, type.element, fullName);
  if (node.kind === "map" && type.kind === "map") return [...namesIn(node.key, type.key, fullName), ...namesIn(node.value, type.value, fullName)];
  const last = node.kind === "name" ? node.name.parts.at(-1) : undefined;
  return type.kind === "named" && type.name === fullName && last !== undefined ? [last.span] : [];
}

/** Every type that is written, with what it means. */
function typesOf({ declarations, methods, fields }: LintProgram): (readonly [TypeNode, TypeRef])[] {
  const found: (readonly [TypeNode, TypeRef])[] = fields.map(({ node, meaning }) => [node.type, meaning.type]);
  for (const { node, meaning } of declarations) {
    if ((node.kind === "alias" || node.kind === "const") && (meaning.kind === "alias" || meaning.kind === "const")) found.push([node.type, meaning.type]);
    if (node.kind === "annotation" && meaning.kind === "annotation") found.push(...paired(node.parameters, meaning.parameters, (written, { type }) => [written.type, type] as const));
  }
  for (const { node, meaning } of methods) {
    if (node.result !== undefined && meaning.result !== undefined) found.push([node.result.type, meaning.result.type]);
    if (node.parameters.kind === "stream" && meaning.parameters.kind === "stream") found.push([node.parameters.element, meaning.parameters.element]);
  }
  return found;
}

function throwsReferences({ methods }: LintProgram, fullName: string): Span[] {
  return methods.flatMap(({ node, meaning }) => {
    const wanted = node.throws.filter((_, at) => meaning.throws[at] === fullName);
    return wanted.flatMap(({ parts }) => parts.slice(-1).map(({ span }) => span));
  });
}

/** Behind its enum, and bare wherever a value of the enum is wanted. */
function memberReferences(program: LintProgram, { node, owner }: MemberSubject): Span[] {
  const isOwners = ({ parts }: QualifiedName) => parts.at(-2)?.text === owner.node.name.text;
  const bare = bareMembers(program).filter(([, of]) => of === owner.meaning.fullName);
  return [...literalNames(program).filter(isOwners), ...bare.map(([name]) => name)].flatMap((name) => partOf(name, node.name.text, 1));
}

/** But not the members of enums that are called as the constant is. */
function constantReferences(program: LintProgram, constant: string): Span[] {
  const members = new Set(bareMembers(program).map(([name]) => name));
  const enums = new Set(program.members.filter(({ node }) => node.name.text === constant).map(({ owner }) => owner.node.name.text));
  const isMember = (name: QualifiedName) => members.has(name) || enums.has(name.parts.at(-2)?.text ?? "");
  return literalNames(program).flatMap((name) => (isMember(name) ? [] : partOf(name, constant, 1)));
}

/** One answer per program, since every member and constant asks. */
const bareNames = new WeakMap<LintProgram, readonly (readonly [QualifiedName, string])[]>();

/** The names that mean a member without its enum before it, each with the full name of the enum. */
function bareMembers(program: LintProgram): readonly (readonly [QualifiedName, string])[] {
  const known = bareNames.get(program) ?? findBareMembers(program);
  bareNames.set(program, known);
  return known;
}

function findBareMembers({ index, members, named, declarations }: LintProgram): (readonly [QualifiedName, string])[] {
  const wanted: (readonly [Literal, TypeRef])[] = [];
  const addArguments = (annotation: Annotation, parameters: readonly { readonly name: string; readonly type: TypeRef }[]) => {
    for (const [at, { name, value }] of annotation.arguments.entries()) {
      const parameter = name === undefined ? parameters[at] : parameters.find((each) => each.name === name.text);
      if (parameter !== undefined) wanted.push([value, parameter.type]);
    }
  };
  const addDefault = (annotations: readonly Annotation[], type: TypeRef) => {
    for (const annotation of annotations) if (annotation.name.text === "default") addArguments(annotation, [{ name: "value", type }]);
  };
  for (const { node, meaning } of named) {
    if ("type" in meaning) addDefault(node.annotations, meaning.type);
    // Those of a program's own, in order: none of the language has the name of one.
    const own = [...meaning.annotations];
    for (const annotation of node.annotations) {
      const declared = own[0] && index.declaration(own[0].name);
      if (declared?.kind !== "annotation" || declared.name !== annotation.name.parts.at(-1)?.text) continue;
      own.shift();
      addArguments(annotation, declared.parameters);
    }
  }
  for (const { node, meaning } of declarations) {
    if (node.kind === "const" && meaning.kind === "const") wanted.push([node.value, meaning.type]);
    if (node.kind === "annotation" && meaning.kind === "annotation") paired(node.parameters, meaning.parameters, ({ annotations }, { type }) => addDefault(annotations, type));
  }
  const known = new Set(members.map(({ owner, node }) => `${owner.meaning.fullName}.${node.name.text}`));
  return wanted.flatMap(([literal, type]) => {
    let item = index.concrete(type);
    while (item.kind === "list") item = index.concrete(item.element);
    if (item.kind !== "declared") return [];
    const { fullName } = item.declaration;
    return namesInLiteral(literal).flatMap((name) => (name.parts.length === 1 && known.has(`${fullName}.${name.text}`) ? [[name, fullName] as const] : []));
  });
}

/** The names that stand where a value may. */
function literalNames({ named, declarations }: LintProgram): QualifiedName[] {
  const annotations = named.flatMap(({ node }) => node.annotations);
  for (const { node } of declarations) if (node.kind === "annotation") annotations.push(...node.parameters.flatMap((each) => each.annotations));
  const literals = annotations.flatMap((annotation) => annotation.arguments.map(({ value }) => value));
  for (const { node } of declarations) if (node.kind === "const") literals.push(node.value);
  return literals.flatMap(namesInLiteral);
}

function namesInLiteral(literal: Literal): QualifiedName[] {
  if (literal.kind === "list") return literal.items.flatMap(namesInLiteral);
  return literal.kind === "name" ? [literal.name] : [];
}
