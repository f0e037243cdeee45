/** The numbers of a method's parameters: by position, past what is reserved, unless all of them are given by hand. */
import type { FieldNode } from "../parser/ast.js";
import type { Reservations } from "./reservations.js";

export function parameterNumbers(
  fields: readonly FieldNode[],
  reservations: Reservations,
): ReadonlyMap<FieldNode, number> {
  const numbers = new Map<FieldNode, number>();
  let next = 1n;
  for (const field of fields) {
    if (field.number !== undefined) {
      numbers.set(field, Number(field.number.value));
      continue;
    }
    while (reservations.hasNumber(next)) next = reservations.endOf(next) + 1n;
    numbers.set(field, Number(next));
    next += 1n;
  }
  return numbers;
}
