/** Chooses the line breaks of a document, by the rules by which prettier keeps lines within its width. */
import type { SymbolRef } from "../symbol.js";
import { displayWidth } from "./display-width.js";
import { isSequence, type Doc, type Group } from "./document.js";

/** prettier's `printWidth`, unless a user sets another. */
const PRINT_WIDTH = 80;
const INDENT = "  ";
/** Of the depths that there are but for long chains of brackets. */
const INDENTS = Array.from({ length: 16 }, (_, depth) => INDENT.repeat(depth));

export type NameOf = (symbol: SymbolRef) => string;

/** The text of a document; empty lines carry no indent. */
export function render(doc: Doc, nameOf: NameOf): string {
  return new Renderer(nameOf).render(doc);
}

/** Documents that are still to be printed, last first, each with the depth of its indent. */
class Stack {
  readonly docs: Doc[] = [];
  readonly depths: number[] = [];

  push(doc: Doc, depth: number): void {
    this.docs.push(doc);
    this.depths.push(depth);
  }

  pushAll(sequence: readonly Doc[], depth: number): void {
    for (let index = sequence.length - 1; index >= 0; index--) this.push(sequence[index] ?? "", depth);
  }
}

/** What fits on its line is written at once; so whatever is on the stack is broken. */
class Renderer {
  readonly #nameOf: NameOf;
  readonly #stack = new Stack();
  /** What stands behind a group, while it is seen whether that has room on the line. */
  readonly #ahead: Doc[] = [];
  readonly #brokenGroups = new Set<Group>();
  /** Joined at the end: a text that grows piece by piece is a tree of its pieces, which costs room until it is read. */
  readonly #out: string[] = [];
  #column = 0;
  /** Written with the first text of the line. */
  #indent = "";

  constructor(nameOf: NameOf) {
    this.#nameOf = nameOf;
  }

  render(doc: Doc): string {
    const { docs, depths } = this.#stack;
    this.#stack.push(doc, 0);
    for (let next = docs.pop(); next !== undefined; next = docs.pop()) this.#print(next, depths.pop() ?? 0);
    return this.#out.join("");
  }

  #print(doc: Doc, depth: number): void {
    if (typeof doc === "string") return this.#write(doc);
    if (isSequence(doc)) return this.#stack.pushAll(doc, depth);
    switch (doc.kind) {
      case "symbol":
        return this.#write(this.#nameOf(doc));
      case "line":
        return this.#breakLine(depth);
      case "indent":
        return this.#stack.push(doc.content, depth + 1);
      case "ifBroken":
        return this.#stack.push(this.#isBroken(doc.of) ? doc.broken : doc.flat, depth);
      case "indentIfBroken":
        return this.#stack.push(doc.content, this.#isBroken(doc.of) ? depth + 1 : depth);
      case "group":
        if (!doc.hard && this.#writeFlat(doc.content)) return;
        this.#brokenGroups.add(doc);
        return this.#stack.push(doc.content, depth);
    }
  }

  #write(text: string): void {
    if (text === "") return;
    if (this.#indent !== "") this.#out.push(this.#indent);
    this.#out.push(text);
    this.#indent = "";
    this.#column += displayWidth(text);
  }

  #breakLine(depth: number): void {
    this.#indent = INDENTS[depth] ?? INDENT.repeat(depth);
    this.#column = this.#indent.length;
    this.#out.push("\n");
  }

  /** @param of the group around what asks, if undefined. */
  #isBroken(of: Group | undefined): boolean {
    return of === undefined || this.#brokenGroups.has(of);
  }

  /** Writes a document on the line, if there is room for it and for what cannot be parted from it; else nothing. */
  #writeFlat(doc: Doc): boolean {
    const column = this.#column;
    const { length } = this.#out;
    if (this.#indent !== "") this.#out.push(this.#indent);
    const fits = this.#tryFlat(doc) && this.#restFits(PRINT_WIDTH - this.#column);
    if (fits && this.#column > column) {
      this.#indent = "";
    } else {
      this.#out.length = length;
      this.#column = column;
    }
    return fits;
  }

  /** Goes on with the line until it is full. Returns whether all of the document is on it. */
  #tryFlat(doc: Doc): boolean {
    if (typeof doc === "string") return this.#tryText(doc);
    if (isSequence(doc)) {
      for (const item of doc) if (!this.#tryFlat(item)) return false;
      return true;
    }
    switch (doc.kind) {
      case "symbol":
        return this.#tryText(this.#nameOf(doc));
      case "line":
        return !doc.hard && this.#tryText(doc.flat);
      case "ifBroken":
        return this.#tryFlat(doc.of !== undefined && this.#isBroken(doc.of) ? doc.broken : doc.flat);
      default:
        return this.#tryFlat(doc.content);
    }
  }

  #tryText(text: string): boolean {
    if (text === "") return true;
    this.#out.push(text);
    this.#column += displayWidth(text);
    return this.#column <= PRINT_WIDTH;
  }

  /** Whether what is still to be printed, up to its first possible break, fits into `room` columns. */
  #restFits(room: number): boolean {
    const ahead = this.#ahead;
    ahead.length = 0;
    for (let rest = this.#stack.docs.length; room >= 0; ) {
      const doc = ahead.pop() ?? this.#stack.docs[--rest];
      if (doc === undefined) return true;
      if (typeof doc === "string") room -= displayWidth(doc);
      else if (isSequence(doc)) for (let index = doc.length - 1; index >= 0; index--) ahead.push(doc[index] ?? "");
      else if (doc.kind === "symbol") room -= displayWidth(this.#nameOf(doc));
      else if (doc.kind === "line") return true;
      else if (doc.kind === "ifBroken") ahead.push(this.#isBroken(doc.of) ? doc.broken : doc.flat);
      else ahead.push(doc.content);
    }
    return false;
  }
}
