/**
 * The one intermediate representation: what a checked program means, as plain frozen data without syntax.
 * Emitters see this and nothing above it. Names are resolved to full names (`city.orders.Order`), constants and
 * defaults to values, annotations that the language defines to typed properties.
 */
import type { Span } from "../text/span.js";

export interface Schema {
  /** The version of this representation and of its JSON form. */
  readonly version: 1;
  /** Every file of the program, imports before importers. */
  readonly files: readonly SchemaFile[];
}

export interface SchemaFile {
  /** The path given to the compiler, with forward slashes. */
  readonly path: string;
  readonly package: string;
  readonly doc?: string;
  readonly imports: readonly { readonly path: string; readonly alias?: string }[];
  /** In source order. */
  readonly declarations: readonly Declaration[];
}

export type Scalar =
  | "bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32" | "f64"
  | "string" | "bytes" | "timestamp" | "duration" | "uuid";

export type TypeRef =
  | { readonly kind: "scalar"; readonly scalar: Scalar }
  | { readonly kind: "list"; readonly element: TypeRef }
  | { readonly kind: "map"; readonly key: TypeRef; readonly value: TypeRef }
  /** The full name of an alias, enum, struct, message or union. */
  | { readonly kind: "named"; readonly name: string };

/** A constant, a default or an annotation's argument. Integers and durations are decimal text, so that JSON loses nothing. */
export type Value =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: string }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  /** Nanoseconds. */
  | { readonly kind: "duration"; readonly value: string }
  | { readonly kind: "enum"; readonly enum: string; readonly member: string; readonly number: number }
  | { readonly kind: "list"; readonly items: readonly Value[] };

/** An annotation that a file declared itself, with every parameter that was given, by name. */
export interface CustomAnnotation {
  /** The full name of its declaration. */
  readonly name: string;
  readonly arguments: Readonly<Record<string, Value>>;
}

interface Named {
  readonly name: string;
  /** What the wire calls it; equal to `name` (or the full name) unless `@wireName` says otherwise. */
  readonly wireName: string;
  /** `@tsName`: what TypeScript calls it. */
  readonly tsName?: string;
  /** Markdown. */
  readonly doc?: string;
  /** `@deprecated`: the note, which may be empty. */
  readonly deprecated?: string;
  readonly annotations: readonly CustomAnnotation[];
  /** Where it was declared. Not part of the JSON form. */
  readonly span: Span;
}

interface TopLevel extends Named {
  /** `package.Name`. */
  readonly fullName: string;
}

export interface Constraints {
  /** `@min` and `@max` of a number: an int or float as text (`"3"`, `"0.5"`); of a duration: nanoseconds. */
  readonly min?: string;
  readonly max?: string;
  /** `@length`: UTF-16 code units of a string, bytes of `bytes`, items of a list or map; both ends inclusive. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** `@pattern`: a regular expression that must match somewhere (anchor it to match the whole), flag `u`. */
  readonly pattern?: string;
}

/** A field of a message, error, struct or parameter list, or a member of a union. */
export interface Field extends Named {
  /** Its number; in a struct its position, from 1. */
  readonly number: number;
  readonly type: TypeRef;
  readonly optional: boolean;
  readonly default?: Value;
  readonly constraints?: Constraints;
  readonly sensitive: boolean;
  /** How `i64` and `u64` within this field's type appear in TypeScript. */
  readonly int64: "bigint" | "number";
  /** `@nanos`: `timestamp` and `duration` within this field's type are a bigint of nanoseconds. */
  readonly nanos: boolean;
  /** `@typedArray`: lists of fixed-width numbers within this field's type are typed arrays. */
  readonly typedArray: boolean;
}

export interface Reserved {
  /** Inclusive ranges, ascending. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  readonly names: readonly string[];
}

export interface Const extends TopLevel {
  readonly kind: "const";
  readonly type: TypeRef;
  readonly value: Value;
}

export interface Alias extends TopLevel {
  readonly kind: "alias";
  readonly type: TypeRef;
}

export interface EnumMember extends Named {
  readonly number: number;
}

export interface Enum extends TopLevel {
  readonly kind: "enum";
  /** In source order. */
  readonly members: readonly EnumMember[];
  readonly reserved: Reserved;
}

export interface Struct extends TopLevel {
  readonly kind: "struct";
  /** In source order, which is the order on the wire. */
  readonly fields: readonly Field[];
}

export interface Message extends TopLevel {
  readonly kind: "message";
  /** In source order; the wire sorts by number. */
  readonly fields: readonly Field[];
  readonly reserved: Reserved;
}

export interface Union extends TopLevel {
  readonly kind: "union";
  /** In source order; the wire knows them by number. */
  readonly members: readonly Field[];
  readonly reserved: Reserved;
}

export interface ErrorType extends TopLevel {
  readonly kind: "error";
  readonly fields: readonly Field[];
  readonly reserved: Reserved;
  /** `@code`: one of the sixteen, such as "NOT_FOUND". */
  readonly code: string;
  readonly retryable: boolean;
}

export type Semantics = "readonly" | "idempotent" | "atMostOnce" | "exactlyOnce" | "failStop";

export interface Method extends Named {
  /** `package.Service/method`, from the wire names of both. */
  readonly path: string;
  readonly semantics: Semantics;
  /** Whether the file says so, on the method or its service; else `semantics` is the default, `atMostOnce`. */
  readonly semanticsStated: boolean;
  /** `@exactlyOnce(retain: …)`, in milliseconds. */
  readonly retainMs?: number;
  readonly deadlineMs?: number;
  /** `@retry(attempts: n)`: all attempts, the first included. */
  readonly attempts?: number;
  /** `@hedge`: a second attempt may start before the first has failed. */
  readonly hedge: boolean;
  readonly parameters:
    | { readonly kind: "fields"; readonly fields: readonly Field[]; readonly reserved: Reserved }
    | { readonly kind: "stream"; readonly element: TypeRef };
  /** Absent where the method answers nothing but the acknowledgement. */
  readonly result?: { readonly stream: boolean; readonly type: TypeRef };
  /** Full names of errors, in source order. */
  readonly throws: readonly string[];
}

export interface Service extends TopLevel {
  readonly kind: "service";
  readonly methods: readonly Method[];
}

export interface AnnotationDeclaration extends TopLevel {
  readonly kind: "annotation";
  readonly parameters: readonly { readonly name: string; readonly type: TypeRef; readonly optional: boolean; readonly default?: Value }[];
  readonly targets: readonly string[];
}

export type Declaration = Const | Alias | Enum | Struct | Message | Union | ErrorType | Service | AnnotationDeclaration;
