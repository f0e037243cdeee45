/** What the parser makes of a file: every construct as it was written, with its place. Nothing is resolved yet. */
import type { Span } from "../text/span.js";

export interface Identifier {
  readonly text: string;
  readonly span: Span;
}

/** `a.b.C`: at least one part. `text` is the parts joined by dots. */
export interface QualifiedName {
  readonly text: string;
  readonly parts: readonly Identifier[];
  readonly span: Span;
}

/** A comment that is not documentation, kept for the printer. `text` includes its slashes. */
export interface Comment {
  readonly text: string;
  readonly span: Span;
}

/** The `///` lines before a declaration: Markdown, one leading space a line taken off, joined by "\n". */
export interface Doc {
  readonly text: string;
  readonly span: Span;
}

export type Literal =
  | { readonly kind: "int"; readonly value: bigint; readonly raw: string; readonly span: Span }
  | { readonly kind: "float"; readonly value: number; readonly raw: string; readonly span: Span }
  | { readonly kind: "string"; readonly value: string; readonly raw: string; readonly span: Span }
  | { readonly kind: "bool"; readonly value: boolean; readonly raw: string; readonly span: Span }
  /** `500ms`; compound forms such as `1h30m` are allowed. May be negative. */
  | { readonly kind: "duration"; readonly nanos: bigint; readonly raw: string; readonly span: Span }
  /** A name of a constant or of an enum's member: `MAX`, `Status.OPEN`, `money.LIMIT`. */
  | { readonly kind: "name"; readonly name: QualifiedName; readonly span: Span }
  /** `[a, b]`: for arguments of annotations that take lists. */
  | { readonly kind: "list"; readonly items: readonly Literal[]; readonly span: Span };

export interface AnnotationArgument {
  /** Absent for a positional argument. */
  readonly name?: Identifier;
  readonly value: Literal;
  readonly span: Span;
}

/** `@name(arguments)`; a user's annotation of an imported file may be `@alias.name`. */
export interface Annotation {
  readonly name: QualifiedName;
  readonly arguments: readonly AnnotationArgument[];
  readonly span: Span;
}

export type TypeNode =
  | { readonly kind: "name"; readonly name: QualifiedName; readonly span: Span }
  | { readonly kind: "list"; readonly element: TypeNode; readonly span: Span }
  | { readonly kind: "map"; readonly key: TypeNode; readonly value: TypeNode; readonly span: Span };

/** What every declaration and member has. `span` covers it from its first annotation (without the doc) to its end. */
interface Declared {
  readonly name: Identifier;
  readonly doc?: Doc;
  readonly annotations: readonly Annotation[];
  readonly span: Span;
}

/** A number as written, which the checker bounds. */
export interface NumberNode {
  readonly value: bigint;
  readonly raw: string;
  readonly span: Span;
}

/** A field of a message, error or parameter list (numbered or not) or of a struct (never numbered). */
export interface FieldNode extends Declared {
  readonly optional: boolean;
  readonly type: TypeNode;
  readonly number?: NumberNode;
}

/** `reserved 7, 9 to 11, "oldName";` or, in a parameter list, `reserved 2`. */
export interface ReservedNode {
  readonly ranges: readonly { readonly from: NumberNode; readonly to: NumberNode; readonly span: Span }[];
  readonly names: readonly { readonly value: string; readonly span: Span }[];
  readonly span: Span;
}

export interface ConstNode extends Declared {
  readonly kind: "const";
  readonly type: TypeNode;
  readonly value: Literal;
}

export interface AliasNode extends Declared {
  readonly kind: "alias";
  readonly type: TypeNode;
}

export interface EnumMemberNode extends Declared {
  readonly number: NumberNode;
}

export interface EnumNode extends Declared {
  readonly kind: "enum";
  readonly members: readonly EnumMemberNode[];
  readonly reserved: readonly ReservedNode[];
}

export interface StructNode extends Declared {
  readonly kind: "struct";
  readonly fields: readonly FieldNode[];
}

export interface MessageNode extends Declared {
  readonly kind: "message" | "error";
  readonly fields: readonly FieldNode[];
  readonly reserved: readonly ReservedNode[];
}

/** Members are fields that are never optional. */
export interface UnionNode extends Declared {
  readonly kind: "union";
  readonly members: readonly FieldNode[];
  readonly reserved: readonly ReservedNode[];
}

export interface MethodNode extends Declared {
  readonly parameters:
    | { readonly kind: "fields"; readonly fields: readonly FieldNode[]; readonly reserved: readonly ReservedNode[]; readonly span: Span }
    /** `stream Chunk`; `others` are parameters written beside it, which the checker refuses. */
    | { readonly kind: "stream"; readonly element: TypeNode; readonly others: readonly FieldNode[]; readonly span: Span };
  readonly result?: { readonly stream: boolean; readonly type: TypeNode; readonly span: Span };
  readonly throws: readonly QualifiedName[];
}

export interface ServiceNode extends Declared {
  readonly kind: "service";
  readonly methods: readonly MethodNode[];
}

/** `annotation http(method: string, path?: string) on method, service;` */
export interface AnnotationDeclarationNode extends Declared {
  readonly kind: "annotation";
  readonly parameters: readonly FieldNode[];
  readonly targets: readonly Identifier[];
}

export type DeclarationNode =
  | ConstNode
  | AliasNode
  | EnumNode
  | StructNode
  | MessageNode
  | UnionNode
  | ServiceNode
  | AnnotationDeclarationNode;

export interface ImportNode {
  /** As written, unresolved: "./money.idl". */
  readonly path: { readonly value: string; readonly span: Span };
  readonly alias?: Identifier;
  readonly span: Span;
}

export interface FileNode {
  readonly path: string;
  /** The `///` lines before `package`. */
  readonly doc?: Doc;
  /** Every `package` line that was written: the checker wants exactly one, first. */
  readonly packages: readonly { readonly name: QualifiedName; readonly span: Span }[];
  readonly imports: readonly ImportNode[];
  /** In source order. A declaration that could not be parsed is left out and was reported. */
  readonly declarations: readonly DeclarationNode[];
  readonly comments: readonly Comment[];
  readonly span: Span;
}
