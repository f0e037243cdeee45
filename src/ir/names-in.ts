/** What a type mentions. */
import type { TypeRef } from "./schema.js";

/** The full names in a type, from left to right. */
export function namesIn(type: TypeRef): string[] {
  switch (type.kind) {
    case "scalar":
      return [];
    case "list":
      return namesIn(type.element);
    case "map":
      return [...namesIn(type.key), ...namesIn(type.value)];
    case "named":
      return [type.name];
  }
}
