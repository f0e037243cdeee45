/**
 * Avro, as far as its structure goes: whether a definition is a schema, and whether JSON data has its shape.
 * Logical types, defaults and the binary encoding are not looked at.
 */

/** A definition, its names resolved. */
export type AvroSchema =
  | { readonly kind: "primitive"; readonly type: string }
  | { readonly kind: "record"; readonly fields: { readonly name: string; readonly schema: AvroSchema }[] }
  | { readonly kind: "enum"; readonly symbols: readonly string[] }
  | { readonly kind: "fixed"; readonly size: number }
  | { readonly kind: "array" | "map"; readonly element: AvroSchema }
  | { readonly kind: "union"; readonly branches: readonly { readonly name: string; readonly schema: AvroSchema }[] };

/** What is wrong, with its place. */
export class AvroProblem extends Error {}

const PRIMITIVES = new Set(["null", "boolean", "int", "long", "float", "double", "bytes", "string"]);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** @throws AvroProblem */
export function parseAvro(definition: string): AvroSchema {
  let json: unknown;
  try {
    json = JSON.parse(definition);
  } catch {
    throw new AvroProblem("the definition is not JSON");
  }
  return read(json, "schema", new Map());
}

function read(json: unknown, path: string, named: Map<string, AvroSchema>): AvroSchema {
  if (typeof json === "string") {
    const schema = PRIMITIVES.has(json) ? { kind: "primitive" as const, type: json } : named.get(json);
    return schema ?? problem(path, `"${json}" is neither a primitive type nor declared before`);
  }
  if (Array.isArray(json)) return readUnion(json, path, named);
  if (!isObject(json)) return problem(path, "a schema is a string, an array or an object");
  switch (json["type"]) {
    case "record":
    case "error":
      return readRecord(json, path, named);
    case "enum":
      return declare(json, path, named, { kind: "enum", symbols: texts(json["symbols"], `${path}.symbols`) });
    case "fixed":
      if (!Number.isSafeInteger(json["size"]) || Number(json["size"]) < 0)
        return problem(path, "a fixed type has a size");
      return declare(json, path, named, { kind: "fixed", size: Number(json["size"]) });
    case "array":
      return { kind: "array", element: read(json["items"], `${path}.items`, named) };
    case "map":
      return { kind: "map", element: read(json["values"], `${path}.values`, named) };
    default:
      return read(json["type"], `${path}.type`, named);
  }
}

function readRecord(json: Record<string, unknown>, path: string, named: Map<string, AvroSchema>): AvroSchema {
  const fields: { name: string; schema: AvroSchema }[] = [];
  // Declared before its fields are read, which may refer to it.
  const record = declare(json, path, named, { kind: "record", fields });
  if (!Array.isArray(json["fields"])) return problem(path, "a record has a list of fields");
  for (const [index, field] of json["fields"].entries()) {
    const at = `${path}.fields[${index}]`;
    if (!isObject(field)) return problem(at, "a field is an object");
    const name = field["name"];
    if (typeof name !== "string" || !NAME.test(name)) return problem(at, "a field has a name");
    if (fields.some((other) => other.name === name)) return problem(at, `"${name}" is declared twice`);
    fields.push({ name, schema: read(field["type"], at, named) });
  }
  return record;
}

function readUnion(json: readonly unknown[], path: string, named: Map<string, AvroSchema>): AvroSchema {
  const branches = json.map((branch, index) => {
    if (Array.isArray(branch)) return problem(`${path}[${index}]`, "a union does not stand in a union");
    const name = isObject(branch) ? (branch["name"] ?? branch["type"]) : branch;
    return { name: String(name), schema: read(branch, `${path}[${index}]`, named) };
  });
  const names = new Set(branches.map((branch) => branch.name));
  return names.size === branches.length ? { kind: "union", branches } : problem(path, "a union has each type once");
}

function declare(
  json: Record<string, unknown>,
  path: string,
  named: Map<string, AvroSchema>,
  schema: AvroSchema,
): AvroSchema {
  const { name, namespace } = json;
  if (typeof name !== "string" || !NAME.test(name)) return problem(path, `a ${schema.kind} has a name`);
  if (named.has(name)) return problem(path, `"${name}" is declared twice`);
  named.set(name, schema);
  if (typeof namespace === "string") named.set(`${namespace}.${name}`, schema);
  return schema;
}

/** @throws AvroProblem if the value, as Avro's JSON encoding has it, is not of the schema. */
export function checkAvroJson(schema: AvroSchema, value: unknown, path = "data"): void {
  switch (schema.kind) {
    case "primitive":
      return checkPrimitive(schema.type, value, path);
    case "enum":
      if (!schema.symbols.includes(String(value))) problem(path, `not one of ${schema.symbols.join(", ")}`);
      return;
    case "fixed":
      if (typeof value !== "string" || value.length !== schema.size) problem(path, `not ${schema.size} bytes`);
      return;
    case "array":
      if (!Array.isArray(value)) return problem(path, "not an array");
      return value.forEach((item, index) => checkAvroJson(schema.element, item, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return problem(path, "not an object");
      return Object.entries(value).forEach(([key, item]) => checkAvroJson(schema.element, item, `${path}.${key}`));
    case "record":
      if (!isObject(value)) return problem(path, "not an object");
      for (const key of Object.keys(value))
        if (!schema.fields.some((field) => field.name === key)) problem(`${path}.${key}`, "not a field of the record");
      return schema.fields.forEach((field) => checkAvroJson(field.schema, value[field.name], `${path}.${field.name}`));
    case "union": {
      const [name, inner] =
        value === null
          ? ["null", null]
          : isObject(value)
            ? (Object.entries(value)[0] ?? ["", undefined])
            : ["", undefined];
      const branch = schema.branches.find((candidate) => candidate.name === name);
      if (branch === undefined)
        return problem(
          path,
          `not null and not {"type": value} of one of ${schema.branches.map((each) => each.name).join(", ")}`,
        );
      return checkAvroJson(branch.schema, inner, path);
    }
  }
}

function checkPrimitive(type: string, value: unknown, path: string): void {
  const fits =
    type === "null"
      ? value === null
      : type === "boolean"
        ? typeof value === "boolean"
        : type === "string" || type === "bytes"
          ? typeof value === "string"
          : type === "int"
            ? Number.isInteger(value) && (value as number) === ((value as number) | 0)
            : type === "long"
              ? Number.isInteger(value)
              : typeof value === "number";
  if (!fits) problem(path, `not a value of type ${type}`);
}

function texts(json: unknown, path: string): string[] {
  if (!Array.isArray(json) || !json.every((item): item is string => typeof item === "string"))
    return problem(path, "not a list of strings");
  return json;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function problem(path: string, what: string): never {
  throw new AvroProblem(`${path}: ${what}`);
}
