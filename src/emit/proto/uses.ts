/** How often types are used, which says where a union can stand as a oneof. */
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Field, TypeRef } from "../../ir/schema.js";

/** One answer per schema, since every file of it asks. */
const known = new WeakMap<SchemaIndex, ReadonlyMap<string, number>>();

/** How often each type is named, in the whole schema. */
export function usesOf(index: SchemaIndex): ReadonlyMap<string, number> {
  const before = known.get(index);
  if (before !== undefined) return before;
  const uses = new Map<string, number>();
  const count = (type: TypeRef): void => {
    if (type.kind === "named") uses.set(type.name, (uses.get(type.name) ?? 0) + 1);
    if (type.kind === "list") count(type.element);
    if (type.kind === "map") count(type.value);
  };
  for (const each of index.schema.files.flatMap(({ declarations }) => declarations)) {
    if (each.kind === "alias") count(each.type);
    for (const field of fieldsOf(each)) count(field.type);
    if (each.kind !== "service") continue;
    for (const { parameters, result } of each.methods) {
      if (parameters.kind === "stream") count(parameters.element);
      if (result !== undefined) count(result.type);
    }
  }
  known.set(index, uses);
  return uses;
}

/** Of a service: the parameters. */
export function fieldsOf(declaration: Declaration): readonly Field[] {
  switch (declaration.kind) {
    case "message":
    case "error":
    case "struct":
      return declaration.fields;
    case "union":
      return declaration.members;
    case "service":
      return declaration.methods.flatMap(({ parameters }) => (parameters.kind === "fields" ? parameters.fields : []));
    default:
      return [];
  }
}
