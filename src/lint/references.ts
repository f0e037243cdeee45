/** Where a program says a name: every type, error, constant and member of an enum that is written, by what it means. */
import type { Annotation, Literal, QualifiedName, TypeNode } from "../parser/ast.js";
import type { TypeRef } from "../ir/schema.js";
import type { Span } from "../text/span.js";
import { grouped, paired, type LintProgram, type NamedSubject } from "./program.js";

const known = new WeakMap<LintProgram, References>();

/** One answer per program, since every renaming asks. */
export function referencesIn(program: LintProgram): References {
  const references = known.get(program) ?? new References(program);
  known.set(program, references);
  return references;
}

class References {
  /** By the full name of what is meant. */
  readonly #types: ReadonlyMap<string, readonly (readonly [string, Span])[]>;
  readonly #throws: ReadonlyMap<string, readonly (readonly [string, Span])[]>;
  /** The names that stand where a value may, by their last part and by the one before it. */
  readonly #values: ReadonlyMap<string, readonly QualifiedName[]>;
  readonly #valuesBehind: ReadonlyMap<string, readonly QualifiedName[]>;
  /** The names that mean a member without its enum before it, each with the full name of the enum. */
  readonly #bareMembers: ReadonlyMap<QualifiedName, string>;
  readonly #declarations: ReadonlyMap<string, readonly NamedSubject[]>;
  /** The short names of enums, by their members' names. */
  readonly #enumsWith: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(program: LintProgram) {
    this.#types = grouped(typesIn(program).flatMap(([node, type]) => namesIn(node, type)), ([name]) => name);
    this.#throws = grouped(throwsIn(program), ([name]) => name);
    const values = valueNames(program);
    this.#values = grouped(values, ({ parts }) => parts.at(-1)?.text ?? "");
    this.#valuesBehind = grouped(values, ({ parts }) => parts.at(-2)?.text ?? "");
    this.#bareMembers = new Map(bareMembers(program));
    this.#declarations = grouped(program.declarations, ({ node }) => node.name.text);
    const members = grouped(program.members, ({ node }) => node.name.text);
    this.#enumsWith = new Map([...members].map(([name, own]) => [name, new Set(own.map(({ owner }) => owner.node.name.text))]));
  }

  /** Every place but the declaration's own; undefined where it cannot be told which of several is meant. */
  to(subject: NamedSubject): Span[] | undefined {
    const { kind, node, meaning } = subject;
    const { text } = node.name;
    switch (kind) {
      case "method":
      case "field":
      case "structField":
      case "unionMember":
      case "parameter":
      case "service":
        return [];
      case "annotation":
        return undefined;
      case "enumMember":
        return this.#isAlone(subject.owner) ? this.#toMember(text, subject.owner.node.name.text, subject.owner.meaning.fullName) : undefined;
      default:
    }
    if (!this.#isAlone(subject)) return undefined;
    const { fullName } = meaning;
    if (kind === "error") return spansOf(this.#throws.get(fullName));
    if (kind === "const") return this.#toConstant(text);
    const inValues = kind === "enum" ? (this.#valuesBehind.get(text) ?? []).flatMap((name) => partOf(name, 2)) : [];
    return [...spansOf(this.#types.get(fullName)), ...inValues];
  }

  /** The names with this last part that stand where a value may. */
  valuesCalled(name: string): readonly QualifiedName[] {
    return this.#values.get(name) ?? [];
  }

  /** Whether no other declaration of the program has its short name, so that a name says which is meant. */
  #isAlone({ node }: NamedSubject): boolean {
    return this.#declarations.get(node.name.text)?.length === 1;
  }

  /** Behind its enum, and bare wherever a value of the enum is wanted. */
  #toMember(member: string, short: string, full: string): Span[] {
    return this.valuesCalled(member).filter((name) => name.parts.at(-2)?.text === short || this.#bareMembers.get(name) === full).flatMap((name) => partOf(name, 1));
  }

  /** But not the members of enums that are called as the constant is. */
  #toConstant(constant: string): Span[] {
    const enums = this.#enumsWith.get(constant);
    const isMember = (name: QualifiedName) => this.#bareMembers.has(name) || enums?.has(name.parts.at(-2)?.text ?? "") === true;
    return this.valuesCalled(constant).flatMap((name) => (isMember(name) ? [] : partOf(name, 1)));
  }
}

function spansOf(places: readonly (readonly [string, Span])[] = []): Span[] {
  return places.map(([, span]) => span);
}

/** The part of a name that stands `fromEnd`. */
function partOf(name: QualifiedName, fromEnd: 1 | 2): Span[] {
  const part = name.parts.at(-fromEnd);
  return part === undefined ? [] : [part.span];
}

function namesIn(node: TypeNode, type: TypeRef): (readonly [string, Span])[] {
  if (node.kind === "list" && type.kind === "list") return namesIn(node.element, type.element);
  if (node.kind === "map" && type.kind === "map") return [...namesIn(node.key, type.key), ...namesIn(node.value, type.value)];
  const last = node.kind === "name" ? node.name.parts.at(-1) : undefined;
  return type.kind === "named" && last !== undefined ? [[type.name, last.span]] : [];
}

/** Every type that is written, with what it means. */
function typesIn({ declarations, methods, fields }: LintProgram): (readonly [TypeNode, TypeRef])[] {
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

function throwsIn({ methods }: LintProgram): (readonly [string, Span])[] {
  return methods.flatMap(({ node, meaning }) =>
    node.throws.flatMap(({ parts }, at) => parts.slice(-1).map(({ span }) => [meaning.throws[at] ?? "", span] as const)),
  );
}

/** The names that mean a member without its enum before it. */
function bareMembers({ index, members, named, declarations }: LintProgram): (readonly [QualifiedName, string])[] {
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
function valueNames({ named, declarations }: LintProgram): QualifiedName[] {
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
