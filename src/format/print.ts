/** The one layout: which statement stands on one line, and where the others break. */
import { flatText, isLastComma } from "./flat.js";
import type { Piece } from "./pieces.js";
import { endOfBrackets, type Statement, type Statements } from "./statements.js";
import { type Layout, Writer } from "./writer.js";

type Pieces = readonly Piece[];

export function print({ statements, end }: Statements, layout: Layout): string {
  const printer = new Printer(layout);
  printer.statements(statements, 0);
  printer.remarksBefore(end, 0, statements.length > 0);
  return printer.writer.finish();
}

class Printer {
  readonly writer: Writer;

  constructor(layout: Layout) {
    this.writer = new Writer(layout);
  }

  statements(statements: readonly Statement[], depth: number): void {
    for (const [at, statement] of statements.entries()) {
      const previous = statements[at - 1];
      this.writer.newLine(depth);
      const apart = previous !== undefined && depth === 0 && standApart(previous, statement);
      this.#leading(firstOf(statement), depth, (asWritten) => previous !== undefined && (asWritten || apart));
      this.#statement(withoutLeading(statement), depth);
    }
  }

  /** Comments before the end of a body, a list or the file, each on its line. */
  remarksBefore(end: Piece, depth: number, follows: boolean): void {
    for (const [at, remark] of end.before.entries()) {
      if (remark.newlineBefore) this.writer.newLine(depth);
      if (remark.newlineBefore && remark.blankBefore && (follows || at > 0)) this.writer.blankLine();
      this.writer.remark(remark, depth);
    }
  }

  /** The comments above a statement, with the empty lines between them. `isParted` decides on the one above all of it. */
  #leading(first: Piece, depth: number, isParted: (asWritten: boolean) => boolean): void {
    const { writer } = this;
    for (const [at, remark] of first.before.entries()) {
      if (remark.newlineBefore) writer.newLine(depth);
      if (at === 0 ? isParted(remark.blankBefore) : remark.newlineBefore && remark.blankBefore) writer.blankLine();
      writer.remark(remark, depth);
    }
    const last = first.before.at(-1);
    if (last === undefined) {
      if (isParted(first.blankBefore)) writer.blankLine();
    } else if (first.newlineBefore) {
      writer.newLine(depth);
      // What documents a declaration stands at it.
      if (first.blankBefore && last.kind !== "doc") writer.blankLine();
    }
  }

  #statement({ annotations, head, body }: Statement, depth: number): void {
    const { writer } = this;
    const mayShareLine = annotations.length === 0 || (depth > 0 && body === undefined);
    const all = [...annotations.flat(), ...head];
    if (!(mayShareLine && this.#printedFlat(all, depth))) {
      this.#annotations(annotations, depth);
      this.#onOwnLine(head, depth);
    }
    if (body === undefined) return;
    const { statements, close } = body;
    const open = head.at(-1);
    this.statements(statements, depth + 1);
    this.remarksBefore(close, depth + 1, statements.length > 0);
    if (statements.length + close.before.length + (open?.after.length ?? 0) > 0) writer.newLine(depth);
    writer.token("}", "}", "}", depth);
    writer.after(close, depth);
  }

  /** Above the head: together on a line, or else each on its own. */
  #annotations(annotations: readonly Pieces[], depth: number): void {
    if (annotations.length === 0) return;
    if (!this.#printedFlat(annotations.flat(), depth)) {
      for (const annotation of annotations) this.#onOwnLine(annotation, depth);
    }
    this.writer.newLine(depth);
  }

  #onOwnLine([first, ...rest]: Pieces, depth: number): void {
    if (first === undefined) return;
    this.writer.newLine(depth);
    this.#leading(first, depth, () => false);
    const bare = [{ ...first, before: [] }, ...rest];
    if (!this.#printedFlat(bare, depth)) this.#broken(bare, depth);
  }

  /** Prints pieces on the rest of the line, if they fit. */
  #printedFlat(pieces: Pieces, depth: number): boolean {
    const text = flatText(pieces);
    if (text === undefined || !this.writer.hasRoomFor(text)) return false;
    this.writer.flat(text, pieces, depth + 1);
    return true;
  }

  /** What does not fit on a line: first `throws` moves to the next, then the list is broken, an item a line. */
  #broken(pieces: Pieces, depth: number): void {
    const open = pieces.findIndex(({ text }) => text === "(");
    const close = open === -1 ? -1 : endOfBrackets(pieces, open) - 1;
    const throwing = open === -1 ? -1 : pieces.findIndex(({ text }, at) => at > close && text === "throws");
    if (throwing !== -1 && this.#printedFlat(pieces.slice(0, throwing), depth)) {
      this.writer.newLine(depth + 1);
      return this.#filled(pieces.slice(throwing), depth);
    }
    if (close <= open + 1) return this.#filled(pieces, depth);
    this.#filled(pieces.slice(0, open + 1), depth);
    for (const item of itemsOf(pieces.slice(open + 1, close))) this.#item(item, depth + 1);
    const end = pieces[close] as Piece;
    this.remarksBefore(end, depth + 1, true);
    this.writer.newLine(depth);
    this.#filled([{ ...end, before: [] }, ...pieces.slice(close + 1)], depth);
  }

  #item({ pieces, comma }: Item, depth: number): void {
    const [first, ...rest] = pieces;
    if (first === undefined) return;
    this.writer.newLine(depth);
    this.#leading(first, depth, () => false);
    const own = [{ ...first, before: [] }, ...rest];
    if (!this.#printedFlat(own, depth)) this.#filled(own, depth);
    this.writer.piece(comma, depth + 1);
  }

  /** Token by token, with a line break before what does not fit: behind a comma, or before `throws`. */
  #filled(pieces: Pieces, depth: number): void {
    let previous = "";
    for (const [at, piece] of pieces.entries()) {
      if (isLastComma(piece, pieces[at + 1])) continue;
      const mayBreak = previous === "," || piece.text === "throws";
      const unit = mayBreak ? flatText(pieces.slice(at, endOfUnit(pieces, at))) : undefined;
      if (unit !== undefined && !this.writer.hasRoomFor(` ${unit}`)) this.writer.newLine(depth + 1);
      this.writer.piece(piece, depth + 1);
      previous = piece.text;
    }
  }
}

interface Item {
  readonly pieces: Pieces;
  readonly comma: Piece;
}

/** The items between commas. The last one gets a comma if it has none, and what stands behind the item goes behind that. */
function itemsOf(pieces: Pieces): Item[] {
  const items: Item[] = [];
  let start = 0;
  let depth = 0;
  for (const [at, piece] of pieces.entries()) {
    if (/^[([<]$/.test(piece.text)) depth += 1;
    else if (/^[)\]>]$/.test(piece.text)) depth -= 1;
    else if (piece.text === "," && depth === 0) {
      items.push({ pieces: pieces.slice(start, at), comma: piece });
      start = at + 1;
    }
  }
  const last = pieces.at(-1);
  if (last !== undefined && start < pieces.length) {
    const comma = { ...last, text: ",", before: [], newlineBefore: false };
    items.push({ pieces: [...pieces.slice(start, -1), { ...last, after: [] }], comma });
  }
  return items;
}

/** The index behind what #filled keeps together from `start` on. */
function endOfUnit(pieces: Pieces, start: number): number {
  let end = start + 1;
  while (end < pieces.length && pieces[end]?.text !== "throws" && pieces[end - 1]?.text !== ",") end += 1;
  return end;
}

function firstOf({ annotations, head }: Statement): Piece {
  return (annotations[0]?.[0] ?? head[0]) as Piece;
}

/** The statement less the comments above it. */
function withoutLeading({ annotations, head, ...rest }: Statement): Statement {
  const bare = ([first, ...others]: Pieces): Pieces => (first === undefined ? [] : [{ ...first, before: [] }, ...others]);
  const [first, ...others] = annotations;
  return first === undefined ? { annotations, head: bare(head), ...rest } : { annotations: [bare(first), ...others], head, ...rest };
}

/** Whether an empty line parts two declarations, be it written or not. */
function standApart(first: Statement, second: Statement): boolean {
  const [word, next] = [first.head[0]?.text, second.head[0]?.text];
  return first.body !== undefined || second.body !== undefined || word === "package" || (word === "import" && next !== "import");
}
