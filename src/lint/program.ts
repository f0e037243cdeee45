/** A checked program as rules look at it: everything that has a name, with its syntax and its meaning side by side. */
import type {
  DeclarationNode,
  Doc,
  Annotation,
  EnumMemberNode,
  FieldNode,
  FileNode,
  Identifier,
  MethodNode,
} from "../parser/ast.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, EnumMember, Field, Method, SchemaFile, Service } from "../ir/schema.js";
import type { SourceFile } from "../text/source-file.js";
import type { Span } from "../text/span.js";

export interface LintedFile {
  readonly source: SourceFile;
  readonly node: FileNode;
  readonly schema: SchemaFile;
  /** Whether it was asked for, or is only imported: nothing is reported in the latter. */
  readonly isRoot: boolean;
}

interface Subject<Node, Meaning> {
  readonly file: LintedFile;
  readonly node: Node & { readonly name: Identifier; readonly doc?: Doc; readonly annotations: readonly Annotation[]; readonly span: Span };
  readonly meaning: Meaning;
  /** The names beside it that it must not share. */
  readonly siblings: readonly string[];
}

export type DeclarationSubject = Subject<DeclarationNode, Declaration> & { readonly kind: Declaration["kind"] };
export type FieldKind = "field" | "structField" | "unionMember" | "parameter";
export type FieldSubject = Subject<FieldNode, Field> & { readonly kind: FieldKind; readonly owner: DeclarationSubject | MethodSubject };
export type MethodSubject = Subject<MethodNode, Method> & { readonly kind: "method"; readonly service: Service };
export type MemberSubject = Subject<EnumMemberNode, EnumMember> & { readonly kind: "enumMember"; readonly owner: DeclarationSubject };
export type NamedSubject = DeclarationSubject | FieldSubject | MethodSubject | MemberSubject;

export class LintProgram {
  readonly files: readonly LintedFile[];
  readonly index: SchemaIndex;
  readonly declarations: readonly DeclarationSubject[];
  readonly methods: readonly MethodSubject[];
  /** Fields of messages, errors and structs, members of unions, parameters. */
  readonly fields: readonly FieldSubject[];
  readonly members: readonly MemberSubject[];
  /** Everything with a name. */
  readonly named: readonly NamedSubject[];
  readonly #namedIn: ReadonlyMap<LintedFile, readonly NamedSubject[]>;
  readonly #fieldsOf: ReadonlyMap<FieldSubject["owner"], readonly FieldSubject[]>;

  /** Whether a thing that has no `@tsName` may be called `to` in TypeScript too. Two things are not told the same name. */
  readonly hasRoom: (subject: NamedSubject, to: string) => boolean;

  constructor(files: readonly LintedFile[], index: SchemaIndex, hasRoom: LintProgram["hasRoom"] = () => true) {
    this.files = files;
    this.index = index;
    this.hasRoom = hasRoom;
    this.declarations = files.flatMap(declarationsIn);
    this.methods = this.declarations.flatMap(methodsIn);
    this.fields = [...this.declarations.flatMap(fieldsIn), ...this.methods.flatMap(parametersIn)];
    this.members = this.declarations.flatMap(membersIn);
    this.named = [...this.declarations, ...this.methods, ...this.fields, ...this.members];
    this.#namedIn = grouped(this.named, ({ file }) => file);
    this.#fieldsOf = grouped(this.fields, ({ owner }) => owner);
  }

  namedIn(file: LintedFile): readonly NamedSubject[] {
    return this.#namedIn.get(file) ?? [];
  }

  /** The fields of a declaration or the parameters of a method. */
  fieldsOf(owner: DeclarationSubject | MethodSubject): readonly FieldSubject[] {
    return this.#fieldsOf.get(owner) ?? [];
  }
}

function declarationsIn(file: LintedFile): DeclarationSubject[] {
  const siblings = file.schema.declarations.map(({ name }) => name);
  return paired(file.node.declarations, file.schema.declarations, (node, meaning) => ({ kind: meaning.kind, file, node, meaning, siblings }));
}

function methodsIn({ file, node, meaning }: DeclarationSubject): MethodSubject[] {
  if (node.kind !== "service" || meaning.kind !== "service") return [];
  const siblings = meaning.methods.map(({ name }) => name);
  return paired(node.methods, meaning.methods, (method, own) => ({ kind: "method", file, node: method, meaning: own, siblings, service: meaning }));
}

function fieldsIn(owner: DeclarationSubject): FieldSubject[] {
  const { node, meaning } = owner;
  if (node.kind === "union" && meaning.kind === "union") return subjects(owner, node.members, meaning.members, "unionMember");
  if (node.kind === "struct" && meaning.kind === "struct") return subjects(owner, node.fields, meaning.fields, "structField");
  if (node.kind === "message" && meaning.kind === "message") return subjects(owner, node.fields, meaning.fields, "field");
  if (node.kind === "error" && meaning.kind === "error") return subjects(owner, node.fields, meaning.fields, "field");
  return [];
}

function parametersIn(owner: MethodSubject): FieldSubject[] {
  const [written, meant] = [owner.node.parameters, owner.meaning.parameters];
  return written.kind === "fields" && meant.kind === "fields" ? subjects(owner, written.fields, meant.fields, "parameter") : [];
}

function subjects(owner: FieldSubject["owner"], nodes: readonly FieldNode[], fields: readonly Field[], kind: FieldKind): FieldSubject[] {
  const siblings = fields.map(({ name }) => name);
  return paired(nodes, fields, (node, meaning) => ({ kind, file: owner.file, node, meaning, siblings, owner }));
}

function membersIn(owner: DeclarationSubject): MemberSubject[] {
  const { file, node, meaning } = owner;
  if (node.kind !== "enum" || meaning.kind !== "enum") return [];
  const siblings = meaning.members.map(({ name }) => name);
  return paired(node.members, meaning.members, (member, own) => ({ kind: "enumMember", file, node: member, meaning: own, siblings, owner }));
}

/** Both are in the order of the source. @throws Error if they are not as many. */
export function paired<A, B, R>(nodes: readonly A[], meanings: readonly B[], pair: (node: A, meaning: B) => R): R[] {
  if (nodes.length !== meanings.length) throw new Error("the syntax and the schema are not of one program");
  return nodes.map((node, at) => pair(node, meanings[at] as B));
}

export function grouped<K, V>(values: readonly V[], keyOf: (value: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
