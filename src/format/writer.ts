/** Writes pieces with their comments, and sees to it that each comment keeps its side of the line breaks. */
import { COMMENT, isSpaced } from "./flat.js";
import type { Piece, Remark } from "./pieces.js";

export interface Layout {
  /** Columns that a line should keep within. */
  readonly width: number;
  /** One step of indentation. */
  readonly indent: string;
}

export class Writer {
  readonly layout: Layout;
  #out = "";
  /** The text of the current line without its indentation. */
  #line = "";
  #depth = 0;
  #last = "";
  /** What ends its line, such as a `//`, was written last. */
  #ended = false;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** The text, with one line break at its end. */
  finish(): string {
    this.newLine(0);
    return this.#out;
  }

  /** Whether a text fits on the rest of the line. */
  hasRoomFor(text: string): boolean {
    return this.column + text.length <= this.layout.width;
  }

  /** Goes to a new line, unless the current one is still empty. */
  newLine(depth: number): void {
    if (this.#line !== "") {
      this.#out += `${this.#current()}\n`;
      this.#line = "";
    }
    this.#depth = depth;
    this.#last = "";
    this.#ended = false;
  }

  /** One empty line before what is written next. Only at the beginning of a line. */
  blankLine(): void {
    if (this.#out !== "") this.#out += "\n";
  }

  /** The column that the next character would stand in, from 0. */
  get column(): number {
    return this.#current().length;
  }

  /** Pieces laid out flat, and the comments behind the last of them. */
  flat(text: string, pieces: readonly Piece[], depth: number): void {
    const [first, last] = [pieces[0], pieces.at(-1)];
    if (first === undefined || last === undefined) return;
    this.token(text, first.text, last.text, depth);
    this.after(last, depth);
  }

  /** A token with all of its comments. Where one of these ends its line, the next line is at `depth`. */
  piece(piece: Piece, depth: number): void {
    for (const remark of piece.before) this.remark(remark, depth);
    if (piece.before.length > 0 && piece.newlineBefore) this.newLine(depth);
    this.token(piece.text, piece.text, piece.text, depth);
    this.after(piece, depth);
  }

  /** `text` begins with the token `first`, and ends with the token `last`. */
  token(text: string, first: string, last: string, depth: number): void {
    if (this.#ended) this.newLine(depth);
    this.#line += isSpaced(this.#last, first) ? ` ${text}` : text;
    this.#last = last;
  }

  /** The comments behind a token on its line. */
  after(piece: Piece, depth: number): void {
    for (const remark of piece.after) this.remark(remark, depth);
  }

  remark(remark: Remark, depth: number): void {
    if (this.#ended || remark.newlineBefore) this.newLine(depth);
    const text = reindented(remark.text, this.#indentation(this.#depth));
    const spaced = isSpaced(this.#last, COMMENT) || (this.#line !== "" && remark.kind !== "block");
    this.#line += spaced ? ` ${text}` : text;
    this.#last = COMMENT;
    this.#ended = remark.kind !== "block";
  }

  #current(): string {
    return this.#indentation(this.#depth) + this.#line;
  }

  #indentation(depth: number): string {
    return this.layout.indent.repeat(depth);
  }
}

/** The lines of a comment that begin with a star stand below its first star; others are left as they are. */
function reindented(text: string, indentation: string): string {
  const [first = "", ...rest] = text.split(/\r?\n/);
  const starred = rest.length > 0 && rest.every((line) => line.trimStart().startsWith("*"));
  return [first, ...rest.map((line) => (starred ? `${indentation} ${line.trim()}` : line))].join("\n");
}
