/** Which types a caller may write otherwise than they are read: those with something to leave out, at any depth. */
import { holdersOf } from "../../ir/holders.js";
import { fieldsIn, namesIn } from "../../ir/names-in.js";
import type { SchemaIndex } from "../../ir/schema-index.js";
import type { Field, TypeRef } from "../../ir/schema.js";

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

/** An error is no type that another holds. */
const differingTypes = holdersOf((declaration) => declaration.kind !== "error" && fieldsIn(declaration).some(mayBeLeftOut));
