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

/** What is still to be printed, last first: documents, each with its indent and whether its group is broken. */
class Stack {
  readonly docs: Doc[] = [];
  /** Twice the depth, and one more if broken: a number costs no allocation. */
  readonly states: number[] = [];

  push(doc: Doc, state: number): void {
    this.docs.push(doc);
    this.states.push(state);
  }

  pushAll(sequence: readonly Doc[], state: number): void {
    for (let index = sequence.length - 1; index >= 0; index--) this.push(sequence[index] ?? "", state);
  }
}

const isBroken = (state: number): boolean => (state & 1) === 1;
const flat = (state: number): number => state & ~1;
const broken = (state: number): number => state | 1;
const deeper = (state: number): number => state + 2;

class Renderer {
  readonly #nameOf: NameOf;
  readonly #stack = new Stack();
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
    const { docs, states } = this.#stack;
    this.#stack.push(doc, broken(0));
    for (let next = docs.pop(); next !== undefined; next = docs.pop()) this.#print(next, states.pop() ?? 0);
    return this.#out.join("");
  }

  #print(doc: Doc, state: number): void {
    if (typeof doc === "string") return this.#write(doc);
    if (isSequence(doc)) return this.#stack.pushAll(doc, state);
    switch (doc.kind) {
      case "symbol":
        return this.#write(this.#nameOf(doc));
      case "line":
        return isBroken(state) || doc.hard ? this.#breakLine(state >> 1) : this.#write(doc.flat);
      case "indent":
        return this.#stack.push(doc.content, deeper(state));
      case "ifBroken":
        return this.#stack.push(this.#isChosen(doc.of, state) ? doc.broken : doc.flat, state);
      case "indentIfBroken":
        return this.#stack.push(doc.content, this.#brokenGroups.has(doc.of) ? deeper(state) : state);
      case "group": {
        const breaks = doc.hard || (isBroken(state) && !this.#fits(doc.content, flat(state)));
        if (breaks) this.#brokenGroups.add(doc);
        return this.#stack.push(doc.content, breaks ? broken(state) : flat(state));
      }
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

  #isChosen(of: Group | undefined, state: number): boolean {
    return of === undefined ? isBroken(state) : this.#brokenGroups.has(of);
  }

  /** Whether a document, and what follows it up to the first break that will be taken, fits on the rest of the line. */
  #fits(next: Doc, nextState: number): boolean {
    const ahead = new Stack();
    ahead.push(next, nextState);
    let rest = this.#stack.docs.length;
    let room = PRINT_WIDTH - this.#column;
    while (room >= 0) {
      let doc = ahead.docs.pop();
      let state = ahead.states.pop() ?? 0;
      if (doc === undefined) {
        if (rest === 0) return true;
        rest--;
        doc = this.#stack.docs[rest] ?? "";
        state = this.#stack.states[rest] ?? 0;
      }
      if (typeof doc === "string") {
        room -= displayWidth(doc);
      } else if (isSequence(doc)) {
        ahead.pushAll(doc, state);
      } else if (doc.kind === "symbol") {
        room -= displayWidth(this.#nameOf(doc));
      } else if (doc.kind === "line") {
        if (isBroken(state) || doc.hard) return true;
        room -= doc.flat.length;
      } else if (doc.kind === "ifBroken") {
        ahead.push(this.#isChosen(doc.of, state) ? doc.broken : doc.flat, state);
      } else if (doc.kind === "group") {
        ahead.push(doc.content, doc.hard ? broken(state) : state);
      } else {
        ahead.push(doc.content, state);
      }
    }
    return false;
  }
}
