/** The annotations of the language: where each may stand, what it is given, and whether the runtime keeps it yet. */
import type { Scalar } from "../ir/schema.js";

/** The kinds of places on which an annotation can stand. */
export type Position =
  | "const"
  | "alias"
  | "enum"
  | "struct"
  | "message"
  | "union"
  | "error"
  | "service"
  | "method"
  | "annotation"
  | "field"
  | "structField"
  | "parameter"
  | "enumMember"
  | "unionMember"
  | "annotationParameter";

/** The words after `on` in a declared annotation, and the places that each stands for. */
export const targetWords: ReadonlyMap<string, readonly Position[]> = new Map<string, readonly Position[]>([
  ["service", ["service"]],
  ["method", ["method"]],
  ["parameter", ["parameter"]],
  ["message", ["message"]],
  ["field", ["field", "structField"]],
  ["struct", ["struct"]],
  ["enum", ["enum"]],
  ["union", ["union"]],
  ["member", ["enumMember", "unionMember"]],
  ["error", ["error"]],
  ["const", ["const"]],
  ["alias", ["alias"]],
]);

const positionNames: Readonly<Record<Position, string>> = {
  const: "a constant",
  alias: "an alias",
  enum: "an enum",
  struct: "a struct",
  message: "a message",
  union: "a union",
  error: "an error",
  service: "a service",
  method: "a method",
  annotation: "an annotation's declaration",
  field: "a field",
  structField: "a struct's field",
  parameter: "a parameter",
  enumMember: "an enum's member",
  unionMember: "a union's member",
  annotationParameter: "an annotation's parameter",
};

export function describePosition(position: Position): string {
  return positionNames[position];
}

export interface AnnotationParameter {
  readonly name: string;
  readonly required: boolean;
  /** The argument's type; "field" is the type of what the annotation stands on, "word" a bare name or a string. */
  readonly type: Scalar | "field" | "word";
  /** For the help: an argument that may stand here. */
  readonly example: string;
}

export interface BuiltInAnnotation {
  readonly name: string;
  readonly positions: readonly Position[];
  /** "any" while the annotation is not designed to its end: its arguments are not looked at. */
  readonly parameters: readonly AnnotationParameter[] | "any";
  /** Whether the runtime keeps what the annotation promises. What is not built is refused by name. */
  readonly built: boolean;
  /** What to do meanwhile, where it is not built. */
  readonly instead?: string;
}

const values: readonly Position[] = ["field", "structField", "parameter", "unionMember"];
const declarations: readonly Position[] = [
  "const",
  "alias",
  "enum",
  "struct",
  "message",
  "union",
  "error",
  "service",
  "annotation",
];
const onTheWire: readonly Position[] = [
  ...values,
  "enumMember",
  "method",
  "enum",
  "struct",
  "message",
  "union",
  "error",
  "service",
];
const everything: readonly Position[] = [...declarations, ...values, "enumMember", "method"];
const calls: readonly Position[] = ["method", "service"];

function required(name: string, type: AnnotationParameter["type"], example: string): AnnotationParameter {
  return { name, type, example, required: true };
}

function optional(name: string, type: AnnotationParameter["type"], example: string): AnnotationParameter {
  return { name, type, example, required: false };
}

type Row = readonly [name: string, positions: readonly Position[], ...parameters: AnnotationParameter[]];

const built: readonly Row[] = [
  ["min", values, required("value", "field", "1")],
  ["max", values, required("value", "field", "100")],
  ["length", values, optional("min", "u32", "1"), optional("max", "u32", "64")],
  ["pattern", values, required("value", "string", '"^[a-z]+$"')],
  ["default", ["field", "structField", "parameter", "annotationParameter"], required("value", "field", "1")],
  ["sensitive", values],
  ["number", values],
  ["nanos", values],
  ["typedArray", values],
  ["deprecated", everything, optional("note", "string", '"use another"')],
  ["tsName", everything, required("name", "string", '"name"')],
  ["wireName", onTheWire, required("name", "string", '"name"')],
  ["code", ["error"], required("code", "word", "NOT_FOUND")],
  ["retryable", ["error"]],
  ["readonly", calls],
  ["idempotent", calls],
  ["atMostOnce", calls],
  ["exactlyOnce", calls, optional("retain", "duration", "24h")],
  ["failStop", calls],
  ["hedge", ["method"]],
  ["deadline", calls, required("value", "duration", "500ms")],
  ["retry", calls, required("attempts", "u32", "3")],
];

const unbuilt: readonly BuiltInAnnotation[] = [
  {
    name: "batch",
    positions: ["method"],
    parameters: "any",
    built: false,
    instead: "take it out; calls of one tick leave in one write meanwhile",
  },
  {
    name: "lease",
    positions: ["method"],
    parameters: "any",
    built: false,
    instead: "take it out, and cache in the client",
  },
];

export const builtInAnnotations: ReadonlyMap<string, BuiltInAnnotation> = new Map(
  [
    ...built.map(([name, positions, ...parameters]): BuiltInAnnotation => ({
      name,
      positions,
      parameters,
      built: true,
    })),
    ...unbuilt,
  ].map((annotation) => [annotation.name, annotation]),
);
