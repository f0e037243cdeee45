/** Pieces as the statements that they make: annotations, a head, and either a semicolon or a body in braces. */
import type { Piece } from "./pieces.js";

export interface Statement {
  /** Each from its `@` to its end. */
  readonly annotations: readonly (readonly Piece[])[];
  /** Up to and with the `;` or `{`. */
  readonly head: readonly Piece[];
  readonly body?: { readonly statements: readonly Statement[]; readonly close: Piece };
}

export interface Statements {
  readonly statements: readonly Statement[];
  /** The end of the file. */
  readonly end: Piece;
}

/** @throws Error if the text is not well formed: only what was parsed without an error may come here. */
export function statementsOf(pieces: readonly Piece[]): Statements {
  return new StatementReader(pieces).readFile();
}

class StatementReader {
  readonly #pieces: readonly Piece[];
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  readFile(): Statements {
    const statements: Statement[] = [];
    while (this.#next.text !== "") statements.push(this.#statement());
    return { statements, end: this.#next };
  }

  get #next(): Piece {
    const piece = this.#pieces[this.#at];
    if (piece === undefined) throw new Error("the pieces have no end");
    return piece;
  }

  #take(): Piece {
    const piece = this.#next;
    if (piece.text === "") throw new Error("the text ends within a statement");
    this.#at += 1;
    return piece;
  }

  #statement(): Statement {
    const annotations: Piece[][] = [];
    while (this.#next.text === "@") annotations.push(this.#annotation());
    const head: Piece[] = [];
    do head.push(this.#take());
    while (!/^[;{]$/.test(head.at(-1)?.text ?? ""));
    if (head.at(-1)?.text === ";") return { annotations, head };
    const statements: Statement[] = [];
    while (this.#next.text !== "}") statements.push(this.#statement());
    return { annotations, head, body: { statements, close: this.#take() } };
  }

  #annotation(): Piece[] {
    const end = endOfAnnotation(this.#pieces, this.#at);
    const taken = this.#pieces.slice(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** The index behind the annotation whose `@` stands at `start`. */
function endOfAnnotation(pieces: readonly Piece[], start: number): number {
  let at = start + 2;
  while (pieces[at]?.text === ".") at += 2;
  return pieces[at]?.text === "(" ? endOfBrackets(pieces, at) : at;
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]" };

/** The index behind the bracket that closes the one at `start`. */
export function endOfBrackets(pieces: readonly Piece[], start: number): number {
  const open = pieces[start]?.text ?? "";
  const close = CLOSING[open];
  let depth = 0;
  for (let at = start; at < pieces.length; at++) {
    if (pieces[at]?.text === open) depth += 1;
    else if (pieces[at]?.text === close && --depth === 0) return at + 1;
  }
  throw new Error(`a "${open}" is not closed`);
}
