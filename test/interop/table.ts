/** The types of a schema as the table that `python/values/schema.py` reads: aliases resolved, nothing that only TypeScript has. */
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Declaration, Field, Schema, TypeRef, Value } from "../../src/ir/schema.js";
import { rootsOf } from "../load-generated.js";
import type { Root } from "../reference/layout.js";

/** A scalar's name, `["list", type]`, `["map", key, value]` or `["named", full name]`. */
export type TableType = string | readonly (string | TableType)[];

interface TableField {
  readonly name: string;
  readonly number: number;
  readonly type: TableType;
  readonly optional: boolean;
  /** As docs/json.md has it. */
  readonly default?: unknown;
  readonly nanos: boolean;
  readonly number64: boolean;
  readonly typedArray: boolean;
}

interface TableDeclaration {
  /** Errors and parameter lists are messages to the wire. */
  readonly kind: "enum" | "struct" | "message" | "union";
  readonly fields?: readonly TableField[];
  readonly members?: Readonly<Record<string, number>>;
}

export type Table = Readonly<Record<string, TableDeclaration>>;

export function tableOf(schema: Schema, index: SchemaIndex): Table {
  const table: Record<string, TableDeclaration> = {};
  for (const declaration of schema.files.flatMap(({ declarations }) => declarations)) {
    addTo(table, declaration, index);
  }
  return table;
}

export interface TableMethod {
  readonly path: string;
  readonly kind: "unary" | "server stream" | "client stream" | "both";
  readonly promise: string;
  /** Of an element, where requests are a stream. */
  readonly request: TableType;
  readonly response: TableType | null;
}

export function methodsOf(schema: Schema, index: SchemaIndex): readonly TableMethod[] {
  return schema.files.flatMap(({ declarations }) =>
    declarations
      .flatMap((declaration) => (declaration.kind === "service" ? declaration.methods : []))
      .map((method) => {
        const { path, semantics, parameters, result } = method;
        const { request, response } = rootsOf(method);
        const streams = [parameters.kind === "stream", result?.stream === true].join();
        const kind = (
          { "false,false": "unary", "false,true": "server stream", "true,false": "client stream" } as const
        )[streams];
        return {
          path,
          kind: kind ?? "both",
          promise: semantics,
          request: tableRoot(index, `${path} request`, request),
          response: response === undefined ? null : tableRoot(index, `${path} response`, response),
        };
      }),
  );
}

/** The type of a value that stands alone, by the name that `tableOf` gave it. */
export function tableRoot(index: SchemaIndex, name: string, root: Root): TableType {
  return root.kind === "fields" ? ["named", name] : tableType(index, root.type);
}

function addTo(table: Record<string, TableDeclaration>, declaration: Declaration, index: SchemaIndex): void {
  const fieldsOf = (fields: readonly Field[]) => fields.map((field) => tableField(index, field));
  switch (declaration.kind) {
    case "enum":
      table[declaration.fullName] = {
        kind: "enum",
        members: Object.fromEntries(declaration.members.map(({ wireName, number }) => [wireName, number])),
      };
      break;
    case "message":
    case "struct":
      table[declaration.fullName] = { kind: declaration.kind, fields: fieldsOf(declaration.fields) };
      break;
    case "error":
      table[declaration.fullName] = { kind: "message", fields: fieldsOf(declaration.fields) };
      break;
    case "union":
      table[declaration.fullName] = { kind: "union", fields: fieldsOf(declaration.members) };
      break;
    case "service":
      for (const { path, parameters } of declaration.methods) {
        if (parameters.kind === "stream") continue;
        table[`${path} request`] = { kind: "message", fields: fieldsOf(parameters.fields) };
      }
  }
}

function tableField(index: SchemaIndex, field: Field): TableField {
  const { wireName, number, type, optional, nanos, int64, typedArray } = field;
  const settled = field.default === undefined ? {} : { default: valueJson(field.default) };
  return {
    name: wireName,
    number,
    type: tableType(index, type),
    optional,
    ...settled,
    nanos,
    number64: int64 === "number",
    typedArray,
  };
}

function tableType(index: SchemaIndex, type: TypeRef): TableType {
  const concrete = index.concrete(type);
  switch (concrete.kind) {
    case "scalar":
      return concrete.scalar;
    case "list":
      return ["list", tableType(index, concrete.element)];
    case "map":
      return ["map", tableType(index, concrete.key), tableType(index, concrete.value)];
    case "declared":
      return ["named", concrete.declaration.fullName];
  }
}

function valueJson(value: Value): unknown {
  switch (value.kind) {
    case "enum":
      return value.number;
    case "int":
      return BigInt.asIntN(53, BigInt(value.value)) === BigInt(value.value) ? Number(value.value) : value.value;
    case "duration":
      return secondsText(BigInt(value.value));
    case "list":
      throw new Error("no default is a list");
    default:
      return value.value;
  }
}

function secondsText(nanos: bigint): string {
  const digits = `${nanos < 0n ? -nanos : nanos}`.padStart(10, "0");
  return `${nanos < 0n ? "-" : ""}${digits.slice(0, -9)}.${digits.slice(-9)}s`;
}
