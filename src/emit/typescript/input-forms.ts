/** Which types a caller may write otherwise than they are read: those with something to leave out, at any depth. */
import { namesIn } from "../../ir/names-in.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Declaration, Field, TypeRef } from "../../ir/schema.js";

/** One answer per schema, since every file of it asks. */
const known = new WeakMap<SchemaIndex, ReadonlySet<string>>();

/** Whether a caller may leave a field out. */
export function mayBeLeftOut(field: Field): boolean {
  return field.optional || field.default !== undefined;
}

/** Whether a type may be written otherwise than it is read. */
export function inputDiffers(index: SchemaIndex, type: TypeRef): boolean {
  const differing = differingTypes(index);
  return namesIn(type).some((name) => differing.has(name));
}

/** Whether a record or union of these fields may be written otherwise than it is read. */
export function inputOfFieldsDiffers(index: SchemaIndex, fields: readonly Field[]): boolean {
  return fields.some((field) => mayBeLeftOut(field) || inputDiffers(index, field.type));
}

function differingTypes(index: SchemaIndex): ReadonlySet<string> {
  const before = known.get(index);
  if (before !== undefined) return before;
  const users = new Map<string, string[]>();
  const differing = new Set<string>();
  for (const { declarations } of index.schema.files) {
    for (const declaration of declarations) {
      if (fieldsOf(declaration).some(mayBeLeftOut)) differing.add(declaration.fullName);
      for (const name of usedTypes(declaration)) {
        const list = users.get(name);
        if (list === undefined) users.set(name, [declaration.fullName]);
        else list.push(declaration.fullName);
      }
    }
  }
  // A set is walked in order of insertion, so that what is added on the way is visited too.
  for (const name of differing) for (const user of users.get(name) ?? []) differing.add(user);
  known.set(index, differing);
  return differing;
}

/** The fields of what is a type; an error is none. */
function fieldsOf(declaration: Declaration): readonly Field[] {
  switch (declaration.kind) {
    case "struct":
    case "message":
      return declaration.fields;
    case "union":
      return declaration.members;
    default:
      return [];
  }
}

function usedTypes(declaration: Declaration): string[] {
  if (declaration.kind === "alias") return namesIn(declaration.type);
  return fieldsOf(declaration).flatMap((field) => namesIn(field.type));
}
