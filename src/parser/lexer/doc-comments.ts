/** Hands each declaration and member the `///` lines that stand before it, and knows which were left over. */
import type { SourceFile } from "../../text/source-file.js";
import type { Doc } from "../ast.js";

export interface DocLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export class DocComments {
  readonly #source: SourceFile;
  readonly #lines: readonly DocLine[];
  readonly #stray: DocLine[] = [];
  #next = 0;

  /** `lines` in the order of the text. */
  constructor(source: SourceFile, lines: readonly DocLine[]) {
    this.#source = source;
    this.#lines = lines;
  }

  /**
   * The lines in `[from, to)`, taken; ranges must be asked for in the order of the text. Lines before `from` are left
   * over.
   */
  take(from: number, to: number): Doc | undefined {
    this.#leaveBefore(from);
    const taken: DocLine[] = [];
    for (let line = this.#lines[this.#next]; line !== undefined && line.start < to; line = this.#lines[++this.#next])
      taken.push(line);
    const first = taken[0];
    const last = taken.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const text = taken.map((line) => line.text.slice(line.text.startsWith("/// ") ? 4 : 3)).join("\n");
    return { text, span: this.#source.span(first.start, last.end) };
  }

  /** The lines that document nothing. */
  rest(): readonly DocLine[] {
    this.#leaveBefore(Infinity);
    return this.#stray;
  }

  #leaveBefore(offset: number): void {
    for (
      let line = this.#lines[this.#next];
      line !== undefined && line.start < offset;
      line = this.#lines[++this.#next]
    )
      this.#stray.push(line);
  }
}
