/** Small functions that build the IR by hand, for tests of what follows the checker. */
import { SchemaIndex } from "../../src/ir/schema-index.js";
import type {
  Alias,
  Const,
  Declaration,
  Enum,
  ErrorType,
  Field,
  Message,
  Method,
  Scalar,
  Schema,
  SchemaFile,
  Service,
  Struct,
  TypeRef,
  Union,
  Value,
} from "../../src/ir/schema.js";
import type { EmitInput, Emitter, EmitResult } from "../../src/emit/emitter.js";

export const PACKAGE = "city.orders";

const span = { file: "orders.idl", start: 0, end: 1 };
const named = (name: string) => ({ name, wireName: name, annotations: [], span });
const top = (name: string) => ({ ...named(name), wireName: `${PACKAGE}.${name}`, fullName: `${PACKAGE}.${name}` });
const noReserved = { ranges: [], names: [] };

export const scalar = (name: Scalar): TypeRef => ({ kind: "scalar", scalar: name });
export const list = (element: TypeRef): TypeRef => ({ kind: "list", element });
export const map = (key: TypeRef, value: TypeRef): TypeRef => ({ kind: "map", key, value });
/** A type of the test's own package. */
export const ref = (name: string): TypeRef => ({ kind: "named", name: `${PACKAGE}.${name}` });

export const field = (name: string, type: TypeRef, extra: Partial<Field> = {}): Field => ({
  ...named(name),
  number: 1,
  type,
  optional: false,
  sensitive: false,
  int64: "bigint",
  nanos: false,
  typedArray: false,
  ...extra,
});

const numbered = (fields: readonly Field[]): Field[] => fields.map((each, index) => ({ ...each, number: index + 1 }));

export const message = (name: string, fields: readonly Field[], extra: Partial<Message> = {}): Message => ({
  ...top(name),
  kind: "message",
  fields: numbered(fields),
  reserved: noReserved,
  ...extra,
});

export const struct = (name: string, fields: readonly Field[], extra: Partial<Struct> = {}): Struct => ({
  ...top(name),
  kind: "struct",
  fields: numbered(fields),
  ...extra,
});

export const union = (name: string, members: readonly Field[], extra: Partial<Union> = {}): Union => ({
  ...top(name),
  kind: "union",
  members: numbered(members),
  reserved: noReserved,
  ...extra,
});

export const error = (name: string, fields: readonly Field[], extra: Partial<ErrorType> = {}): ErrorType => ({
  ...top(name),
  kind: "error",
  fields: numbered(fields),
  reserved: noReserved,
  code: "FAILED_PRECONDITION",
  retryable: false,
  ...extra,
});

/** Members are numbered from 0. */
export const enumeration = (name: string, members: readonly string[], extra: Partial<Enum> = {}): Enum => ({
  ...top(name),
  kind: "enum",
  members: members.map((member, number) => ({ ...named(member), number })),
  reserved: noReserved,
  ...extra,
});

export const alias = (name: string, type: TypeRef, extra: Partial<Alias> = {}): Alias => ({
  ...top(name),
  kind: "alias",
  type,
  ...extra,
});

export const constant = (name: string, type: TypeRef, value: Value, extra: Partial<Const> = {}): Const => ({
  ...top(name),
  kind: "const",
  type,
  value,
  ...extra,
});

/** A unary method without parameters or result, unless `extra` says otherwise. */
export const method = (name: string, extra: Partial<Method> = {}): Method => ({
  ...named(name),
  path: `${PACKAGE}.Service/${name}`,
  semantics: "atMostOnce",
  semanticsStated: true,
  hedge: false,
  parameters: { kind: "fields", fields: [], reserved: noReserved },
  throws: [],
  ...extra,
});

export const parameters = (...fields: Field[]): Method["parameters"] => ({
  kind: "fields",
  fields: numbered(fields),
  reserved: noReserved,
});

export const service = (name: string, methods: readonly Method[], extra: Partial<Service> = {}): Service => ({
  ...top(name),
  kind: "service",
  methods,
  ...extra,
});

export function schemaFile(declarations: readonly Declaration[], path = "orders.idl"): SchemaFile {
  return { path, package: PACKAGE, imports: [], declarations };
}

export function schema(...files: SchemaFile[]): Schema {
  return { version: 1, files };
}

/** `a/b.idl` gives `a/b`. */
export function outputBase(sourcePath: string): string {
  return sourcePath.replace(/\.idl$/, "");
}

export function emitFile(emitter: Emitter, ofSchema: Schema, path = "orders.idl"): EmitResult {
  const index = new SchemaIndex(ofSchema);
  const file = ofSchema.files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`no file ${path}`);
  const input: EmitInput = { index, file, outputBase };
  return emitter.emit(input);
}
