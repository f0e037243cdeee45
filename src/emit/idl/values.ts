/** Values of the schema as literals of the language. */
import { durationText } from "../../ir/duration-text.js";
import type { Value } from "../../ir/schema.js";

export function literal(value: Value): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "float":
      return Object.is(value.value, -0) ? "-0" : numberText(String(value.value));
    case "duration":
      return durationText(BigInt(value.value));
    // Where a value of an enum is wanted, the name of a member means it before all else.
    case "enum":
      return value.member;
    case "list":
      return `[${value.items.map(literal).join(", ")}]`;
    default:
      return String(value.value);
  }
}

/** The language has exponents without a plus. */
export function numberText(text: string): string {
  return text.replace("e+", "e");
}
