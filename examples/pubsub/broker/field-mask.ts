/** Takes over the fields that a mask names. */
import { InvalidArgument } from "../gen/errors.js";
import type { FieldMask } from "../gen/well-known.js";

/**
 * A copy of `current` with the named fields of `update`; a field that `update` lacks is taken away.
 * @throws InvalidArgument for an empty mask, and for a path that is not one of `changeable`: whole fields only.
 */
export function applyMask<T extends object>(
  current: T,
  update: T,
  mask: FieldMask,
  changeable: readonly (keyof T & string)[],
): T {
  if (mask.paths.length === 0) throw new InvalidArgument({ field: "updateMask", message: "The mask names no field." });
  const result = { ...current };
  for (const path of mask.paths) {
    const field = changeable.find((name) => name === path);
    if (field === undefined) {
      throw new InvalidArgument({
        field: "updateMask",
        message: `"${path}" cannot be updated. What can: ${changeable.join(", ")}.`,
      });
    }
    if (Object.hasOwn(update, field)) result[field] = update[field];
    else delete result[field];
  }
  return result;
}
