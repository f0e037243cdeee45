/** Text whose line breaks are not yet chosen: the groups, indents and possible breaks in which emitters write. */
import type { SymbolRef } from "../symbol.js";

/** A string must not hold a line break; a symbol prints as the name that its file gives it. */
export type Doc = string | SymbolRef | readonly Doc[] | Group | Indent | Line | IfBroken | IndentIfBroken;

/** What may hold a line break that is always taken; whether it does is known as soon as it is made. */
interface Holder {
  readonly hard: boolean;
}

/** Printed on one line where that fits, else with each of its own breaks taken; always the latter if it is `hard`. */
export interface Group extends Holder {
  readonly kind: "group";
  readonly content: Doc;
}

interface Indent extends Holder {
  readonly kind: "indent";
  readonly content: Doc;
}

/** Flat it prints as `flat`; a hard line is never flat. */
interface Line extends Holder {
  readonly kind: "line";
  readonly flat: "" | " ";
}

/** Chooses by whether a group was broken: `of`, or where that is absent the group around it. */
interface IfBroken extends Holder {
  readonly kind: "ifBroken";
  readonly broken: Doc;
  readonly flat: Doc;
  readonly of: Group | undefined;
}

/** Indents its content if `of` was broken. */
interface IndentIfBroken extends Holder {
  readonly kind: "indentIfBroken";
  readonly content: Doc;
  readonly of: Group;
}

/** A space, or a line break. */
export const line: Doc = { kind: "line", flat: " ", hard: false };
/** Nothing, or a line break. */
export const softline: Doc = { kind: "line", flat: "", hard: false };
/** A line break, which breaks every group around it. */
export const hardline: Doc = { kind: "line", flat: "", hard: true };

export function group(...content: Doc[]): Group {
  return { kind: "group", content, hard: isHard(content) };
}

/** A group that is broken whether it fits or not. */
export function brokenGroup(...content: Doc[]): Group {
  return { kind: "group", content, hard: true };
}

export function indent(...content: Doc[]): Doc {
  return { kind: "indent", content, hard: isHard(content) };
}

export function ifBroken(broken: Doc, flat: Doc = "", of?: Group): Doc {
  return { kind: "ifBroken", broken, flat, of, hard: isHard(broken) };
}

export function indentIfBroken(of: Group, ...content: Doc[]): Doc {
  return { kind: "indentIfBroken", content, of, hard: isHard(content) };
}

export function join(separator: Doc, items: readonly Doc[]): Doc {
  const joined: Doc[] = [];
  for (const item of items) {
    if (joined.length > 0) joined.push(separator);
    joined.push(item);
  }
  return joined;
}

/** Lines, one below the other. */
export function lines(...items: Doc[]): Doc {
  return join(hardline, items);
}

export function isSequence(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

function isHard(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (!isSequence(doc)) return doc.kind !== "symbol" && doc.hard;
  for (const item of doc) if (isHard(item)) return true;
  return false;
}
