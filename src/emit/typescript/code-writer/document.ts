/** Text whose line breaks are not yet chosen: the algebra of groups, indents and possible breaks in which emitters write. */
import type { SymbolRef } from "../symbol.js";

/** A string must not hold a line break; a symbol prints as the name that its file gives it. */
export type Doc = string | SymbolRef | readonly Doc[] | Group | Indent | Line | IfBroken | IndentIfBroken;

/** Printed on one line where that fits, else with each of its own breaks taken. */
export interface Group {
  readonly kind: "group";
  readonly content: Doc;
  /** Break it although it fits, as a hard line inside it does. */
  readonly broken: boolean;
}

interface Indent {
  readonly kind: "indent";
  readonly content: Doc;
}

/** Flat it prints as `flat`; a hard line is never flat. */
interface Line {
  readonly kind: "line";
  readonly flat: "" | " ";
  readonly hard: boolean;
}

/** Chooses by whether a group was broken: `of`, or where that is absent the group around it. */
interface IfBroken {
  readonly kind: "ifBroken";
  readonly broken: Doc;
  readonly flat: Doc;
  readonly of?: Group;
}

/** Indents its content if `of` was broken. */
interface IndentIfBroken {
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
  return { kind: "group", content, broken: false };
}

/** A group that is broken whether it fits or not. */
export function brokenGroup(...content: Doc[]): Group {
  return { kind: "group", content, broken: true };
}

export function indent(...content: Doc[]): Doc {
  return { kind: "indent", content };
}

export function ifBroken(broken: Doc, flat: Doc = "", of?: Group): Doc {
  return of === undefined ? { kind: "ifBroken", broken, flat } : { kind: "ifBroken", broken, flat, of };
}

export function indentIfBroken(of: Group, ...content: Doc[]): Doc {
  return { kind: "indentIfBroken", content, of };
}

export function join(separator: Doc, items: readonly Doc[]): Doc {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}

/** Lines, one below the other. */
export function lines(...items: Doc[]): Doc {
  return join(hardline, items);
}
