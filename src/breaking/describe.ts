/** What rules say of fields and of whom a change reaches. */
import type { Field } from "../ir/schema.js";
import type { FieldPair, Holder } from "./delta.js";
import { findBy } from "./find-by.js";
import type { Change } from "./rule.js";
import { affectedBy, orderFor, type Readers, type Usage } from "./usage.js";

/** `Order.note`. */
export function nameOf(holder: Holder, field: Field): string {
  return `${holder.name}.${field.name}`;
}

/** Whom it reaches, and the order in which that does no harm. */
export function reaching(usage: Usage, readers: Readers): Pick<Change, "affects" | "order"> {
  const order = orderFor(usage, readers);
  return { affects: affectedBy(usage, readers), ...(order !== undefined && { order }) };
}

/** The places of a field that is still there. */
export function placesOf({ old, new: fresh }: Pick<FieldPair, "old" | "new">): Pick<Change, "span" | "was"> {
  return { span: fresh.span, was: old.span };
}

/** The places of a field that is gone: where it would be now, and where it was. */
export function placesOfRemoved(holder: Holder, field: Field): Pick<Change, "span" | "was"> {
  return { span: holder.declared.new.span, was: field.span };
}

/** Fields of the old schema whose number nothing has now. */
export function removedFields(holder: Holder): readonly Field[] {
  return holder.fields.old.filter(({ number }) => findBy(holder.fields.new, "number", number) === undefined);
}

export function addedFields(holder: Holder): readonly Field[] {
  return holder.fields.new.filter(({ number }) => findBy(holder.fields.old, "number", number) === undefined);
}

export const BOTH: Readers = { newOfOld: true, oldOfNew: true };
export const NEW_OF_OLD: Readers = { newOfOld: true, oldOfNew: false };
export const OLD_OF_NEW: Readers = { newOfOld: false, oldOfNew: true };
