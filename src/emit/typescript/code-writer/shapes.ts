/** The constructs of TypeScript that emitters write, each laid out as prettier lays it out. */
import {
  brokenGroup,
  group,
  hardline,
  ifBroken,
  indent,
  indentIfBroken,
  join,
  line,
  softline,
  type Doc,
} from "./document.js";

/** Whether a type is a bare name or a literal, around which prettier never breaks the angle brackets. */
function isBareName(type: Doc): boolean {
  return typeof type === "string" || (!Array.isArray(type) && "kind" in type && type.kind === "symbol");
}

/** `Name<A, B>`. A bare name or a literal must be a string or a symbol by itself, and everything else a sequence. */
export function generic(name: Doc, ...args: Doc[]): Doc {
  const [only] = args;
  if (args.length === 1 && only !== undefined && isBareName(only)) return [name, "<", only, ">"];
  return [name, group("<", indent(softline, join([",", line], args)), softline, ">")];
}

/** ` A` or ` A | B`, with the space before it: what stands behind the `:` of an annotation or the `=` of an alias. */
export function spacedType(...members: Doc[]): Doc {
  // prettier never parts a single type from `void`.
  if (members.length === 1 || (members.length === 2 && members.includes("void"))) return [" ", join(" | ", members)];
  const aligned = members.map((member) => indent(member));
  return group(indent(line, group(ifBroken("| "), join([line, "| "], aligned))));
}

/** `left: A | B`. */
export function annotated(left: Doc, ...members: Doc[]): Doc {
  return [left, ":", spacedType(...members)];
}

/** `{ a: A; b: B }` as a type. */
export function objectType(...members: Doc[]): Doc {
  return group("{", indent(line, join([";", line], members)), ifBroken(";"), line, "}");
}

/** `head {`, each item on its own line, `}`; `head {}` for none. */
export function block(head: Doc, ...items: Doc[]): Doc {
  if (items.length === 0) return [head, " {}"];
  return [head, " {", indent(items.map((item) => [hardline, item])), hardline, "}"];
}

/** `{ key: value, … }` with an entry a line. */
export function objectLiteral(...entries: Doc[]): Doc {
  if (entries.length === 0) return "{}";
  return brokenGroup("{", indent(entries.map((entry) => [hardline, entry, ","])), hardline, "}");
}

/** `[a, b]`. Not for numbers, which prettier fills. */
export function arrayLiteral(...items: Doc[]): Doc {
  if (items.length === 0) return "[]";
  return group("[", indent(softline, join([",", line], items)), ifBroken(","), softline, "]");
}

/** `callee(a, b)`. */
export function call(callee: Doc, ...args: Doc[]): Doc {
  if (args.length === 0) return [callee, "()"];
  return [callee, group("(", indent(softline, join([",", line], args)), ifBroken(","), softline, ")")];
}

/** A call that a bundler may leave out where nobody uses what it gives. */
export function pure(of: Doc): Doc {
  return ["/* @__PURE__ */ ", of];
}

/** `name(a: A, b: B): R`: the parameters stand a line each where the whole does not fit. */
export function signature(name: Doc, parameters: readonly Doc[], result?: readonly Doc[]): Doc {
  const list =
    parameters.length === 0
      ? "()"
      : ["(", indent(softline, join([",", line], parameters)), ifBroken(","), softline, ")"];
  return group(name, list, result === undefined ? "" : group(annotated("", ...result)));
}

/** `left = right`, where the right side moves to a line of its own if its beginning does not fit behind the left. */
export function assignment(left: Doc, right: Doc): Doc {
  return separated(left, " =", right);
}

/** `left = 1` or `left = true`: what a line break would not help. */
export function assignmentOnOneLine(left: Doc, right: Doc): Doc {
  return [left, " = ", right];
}

/** `left = right` for strings, member chains and operators: the right side moves to the next line as a whole. */
export function assignmentOfWhole(left: Doc, right: Doc): Doc {
  return group(left, " =", group(indent(line, right)));
}

/** `if (left operator right)`, to stand before a block. */
export function condition(left: Doc, operator: string, right: Doc): Doc {
  return group("if (", indent(softline, left, " ", group(operator, line, right)), softline, ")");
}

/** `key: value` in an object literal, by the rule of `assignment`. */
export function property(key: string, value: Doc): Doc {
  return isShortKey(key) ? [key, ": ", value] : separated(key, ":", value);
}

/** `key: value` in an object literal, by the rule of `assignmentOfWhole`. */
export function propertyOfWhole(key: string, value: Doc): Doc {
  return isShortKey(key) ? [key, ": ", value] : propertyOfOperator(key, value);
}

/** `key: a ?? b`, which goes to the next line as a whole however short the key is. */
export function propertyOfOperator(key: string, value: Doc): Doc {
  return group(key, ":", group(indent(line, value)));
}

/** A line break behind so short a key would win no room. */
function isShortKey(key: string): boolean {
  return key.length < 5;
}

function separated(left: Doc, separator: string, right: Doc): Doc {
  const breakAfter = group(indent(line));
  return group(left, separator, breakAfter, indentIfBroken(breakAfter, group(right)));
}
