/** Assignments, entries of objects and arrow functions, laid out by what stands on their right side. */
import { brokenGroup, group, hardline, indent, line, type Doc } from "../code-writer/document.js";
import {
  assignment,
  assignmentOfWhole,
  assignmentOnOneLine,
  property,
  propertyOfWhole,
} from "../code-writer/shapes.js";

/** A string, a property, a call with no argument or one short name: what moves to its own line rather than break. */
const UNBREAKABLE = /^(?:""|0n|[\w$.]+\([\w$]{0,20}\))$/;

/** What is so short that moving it would win no room. */
const SHORT = /^(?:0|true|false)$/;

/** `left = right;` */
export function assign(left: Doc, right: Doc): Doc {
  const text = flatText(right);
  if (SHORT.test(text)) return [assignmentOnOneLine(left, right), ";"];
  return [UNBREAKABLE.test(text) ? assignmentOfWhole(left, right) : assignment(left, right), ";"];
}

/** A call that takes functions, or a call that takes one: prettier gives each argument a line. */
export function callWithFunctions(callee: Doc, ...args: readonly Doc[]): Doc {
  return [callee, brokenGroup("(", indent(args.map((arg) => [hardline, arg, ","])), hardline, ")")];
}

/** `(a, b) => body`, where the body is a call. */
export function arrow(parameters: string, body: Doc): Doc {
  return group(`(${parameters}) =>`, group(indent(line, body)));
}

/** What a document prints on one line. */
function flatText(doc: Doc): string {
  if (typeof doc === "string") return doc;
  if (isSequence(doc)) return doc.map(flatText).join("");
  switch (doc.kind) {
    case "symbol":
      return doc.name;
    case "line":
      return doc.flat;
    case "ifBroken":
      return flatText(doc.flat);
    default:
      return flatText(doc.content);
  }
}

function isSequence(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** `key: value` in an object literal. */
export function entry(key: string, value: Doc): Doc {
  const text = flatText(value);
  if (SHORT.test(text)) return [key, ": ", value];
  return UNBREAKABLE.test(text) ? propertyOfWhole(key, value) : property(key, value);
}
