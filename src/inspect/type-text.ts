/** A type as the IDL writes it, with short names. */
import type { TypeRef } from "../ir/schema.js";

export function typeText(type: TypeRef): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar;
    case "list":
      return `${typeText(type.element)}[]`;
    case "map":
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case "named":
      return type.name.slice(type.name.lastIndexOf(".") + 1);
  }
}
