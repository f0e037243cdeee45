/** Chooses the line breaks of a document so that lines keep within a width, by the rules that prettier has for the same document. */
import type { SymbolRef } from "../symbol.js";
import { displayWidth } from "./display-width.js";
import type { Doc, Group } from "./document.js";

/** prettier's `printWidth`, unless a user sets another. */
const PRINT_WIDTH = 80;
const INDENT = "  ";

export type NameOf = (symbol: SymbolRef) => string;

type Mode = "flat" | "broken";

interface Command {
  readonly depth: number;
  readonly mode: Mode;
  readonly doc: Doc;
}

function isSequence(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** The text of a document; empty lines carry no indent. */
export function render(doc: Doc, nameOf: NameOf): string {
  const hard = new Map<object, boolean>();
  const brokenGroups = new Set<Group>();
  const commands: Command[] = [{ depth: 0, mode: "broken", doc }];
  let out = "";
  let column = 0;
  let pendingIndent = "";

  const write = (text: string): void => {
    if (text === "") return;
    out += pendingIndent + text;
    pendingIndent = "";
    column += displayWidth(text);
  };

  for (let command = commands.pop(); command !== undefined; command = commands.pop()) {
    const { depth, mode, doc: at } = command;
    if (typeof at === "string") {
      write(at);
    } else if (isSequence(at)) {
      for (let index = at.length - 1; index >= 0; index--) commands.push({ depth, mode, doc: at[index] as Doc });
    } else if (at.kind === "symbol") {
      write(nameOf(at));
    } else if (at.kind === "line") {
      if (mode === "flat" && !at.hard) {
        write(at.flat);
      } else {
        out += "\n";
        pendingIndent = INDENT.repeat(depth);
        column = pendingIndent.length;
      }
    } else if (at.kind === "indent") {
      commands.push({ depth: depth + 1, mode, doc: at.content });
    } else if (at.kind === "ifBroken") {
      const broken = at.of === undefined ? mode === "broken" : brokenGroups.has(at.of);
      commands.push({ depth, mode, doc: broken ? at.broken : at.flat });
    } else if (at.kind === "indentIfBroken") {
      commands.push({ depth: brokenGroups.has(at.of) ? depth + 1 : depth, mode, doc: at.content });
    } else if (mode === "flat" && !hasHardBreak(at, hard)) {
      commands.push({ depth, mode, doc: at.content });
    } else {
      const flat: Command = { depth, mode: "flat", doc: at.content };
      const breaks = hasHardBreak(at, hard) || !fits(flat, commands, PRINT_WIDTH - column, nameOf, brokenGroups, hard);
      if (breaks) brokenGroups.add(at);
      commands.push(breaks ? { depth, mode: "broken", doc: at.content } : flat);
    }
  }
  return out;
}

/** Whether a hard line, or a group that must break, stands anywhere within. */
function hasHardBreak(doc: Doc, known: Map<object, boolean>): boolean {
  if (typeof doc === "string" || (!isSequence(doc) && doc.kind === "symbol")) return false;
  const before = known.get(doc);
  if (before !== undefined) return before;
  let found: boolean;
  if (isSequence(doc)) found = doc.some((item) => hasHardBreak(item, known));
  else if (doc.kind === "line") found = doc.hard;
  else if (doc.kind === "group") found = doc.broken || hasHardBreak(doc.content, known);
  else if (doc.kind === "ifBroken") found = hasHardBreak(doc.broken, known);
  else found = hasHardBreak(doc.content, known);
  known.set(doc, found);
  return found;
}

/** Whether `next`, and what follows it up to the first break that will be taken, fits into `room` columns. */
function fits(
  next: Command,
  rest: readonly Command[],
  room: number,
  nameOf: NameOf,
  brokenGroups: ReadonlySet<Group>,
  hard: Map<object, boolean>,
): boolean {
  const commands: { mode: Mode; doc: Doc }[] = [next];
  let restIndex = rest.length;
  let left = room;
  while (left >= 0) {
    let command = commands.pop();
    if (command === undefined) {
      if (restIndex === 0) return true;
      command = rest[--restIndex] as Command;
    }
    const { mode, doc: at } = command;
    if (typeof at === "string") {
      left -= displayWidth(at);
    } else if (isSequence(at)) {
      for (let index = at.length - 1; index >= 0; index--) commands.push({ mode, doc: at[index] as Doc });
    } else if (at.kind === "symbol") {
      left -= displayWidth(nameOf(at));
    } else if (at.kind === "line") {
      if (mode === "broken" || at.hard) return true;
      left -= at.flat.length;
    } else if (at.kind === "ifBroken") {
      const broken = at.of === undefined ? mode === "broken" : brokenGroups.has(at.of);
      commands.push({ mode, doc: broken ? at.broken : at.flat });
    } else if (at.kind === "group") {
      commands.push({ mode: hasHardBreak(at, hard) ? "broken" : mode, doc: at.content });
    } else {
      commands.push({ mode, doc: at.content });
    }
  }
  return false;
}
