/** Constants and defaults of the schema as TypeScript expressions. */
import type { TypeRef, Value } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { bigintLiteral, numberLiteral, quote } from "./code-writer/literal.js";
import { memberName, type Names } from "./names.js";
import { PLAIN_APPEARANCE, type Appearance } from "./type-expression.js";

const LIST_VALUE = "a list stands only among the arguments of an annotation";
const NANOS_PER_MILLISECOND = 1_000_000n;

/** @throws Error for what a checked schema does not have: a list, or a member that its enum lacks. */
export function valueExpression(
  names: Names,
  value: Value,
  type: TypeRef,
  appearance: Appearance = PLAIN_APPEARANCE,
): Doc {
  switch (value.kind) {
    case "bool":
      return String(value.value);
    case "string":
      return quote(value.value);
    case "float":
      return numberLiteral(value.value);
    case "int":
      return isBigint(names, type, appearance) ? bigintLiteral(value.value) : numberLiteral(Number(value.value));
    case "duration":
      return appearance.nanos ? bigintLiteral(value.value) : numberLiteral(milliseconds(value.value));
    case "enum":
      return enumMember(names, value.enum, value.member);
    case "list":
      throw new Error(LIST_VALUE);
  }
}

/** Milliseconds from nanoseconds; as near as a double comes, since the decimal text is read once. */
function milliseconds(nanos: string): number {
  const value = BigInt(nanos);
  const size = value < 0n ? -value : value;
  const fraction = String(size % NANOS_PER_MILLISECOND).padStart(6, "0");
  return Number(`${value < 0n ? "-" : ""}${size / NANOS_PER_MILLISECOND}.${fraction}`);
}

function isBigint(names: Names, type: TypeRef, appearance: Appearance): boolean {
  const concrete = names.index.concrete(type);
  if (concrete.kind !== "scalar" || (concrete.scalar !== "i64" && concrete.scalar !== "u64")) return false;
  return appearance.int64 === "bigint";
}

function enumMember(names: Names, enumName: string, member: string): Doc {
  const declaration = names.index.declaration(enumName);
  const found = declaration.kind === "enum" ? declaration.members.find(({ name }) => name === member) : undefined;
  if (found === undefined) throw new Error(`"${enumName}" has no member "${member}"`);
  return [names.value(enumName), ".", memberName(found)];
}

/**
 * A value for people to read.
 *
 * @throws Error for a list.
 */
export function valueText(value: Value): string {
  switch (value.kind) {
    case "string":
      return quote(value.value);
    case "float":
      return numberLiteral(value.value);
    case "duration":
      return `${milliseconds(value.value)}ms`;
    case "enum":
      return value.member;
    case "list":
      throw new Error(LIST_VALUE);
    default:
      return String(value.value);
  }
}
