/** A text as its tokens in order, each with the comments around it: what the printer must not lose. */
import type { Findings } from "../parser/findings.js";
import { endOf, lex } from "../parser/lexer/lexer.js";
import type { SourceFile } from "../text/source-file.js";

/** A comment of any kind, documentation included. */
export interface Remark {
  readonly text: string;
  /** What follows a `//` or `///` stands on another line. */
  readonly kind: "line" | "block" | "doc";
  readonly newlineBefore: boolean;
  readonly blankBefore: boolean;
}

/** One token. The last piece of a file is empty and has what stands behind the last token. */
export interface Piece {
  readonly text: string;
  readonly before: readonly Remark[];
  /** What stands behind it on its line. */
  readonly after: readonly Remark[];
  /** Between it and what stands before it, be that a token or a comment. */
  readonly newlineBefore: boolean;
  readonly blankBefore: boolean;
}

interface Item {
  readonly kind: "token" | Remark["kind"];
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function piecesOf(source: SourceFile, findings: Findings): Piece[] {
  const items = itemsOf(source, findings);
  const pieces: Piece[] = [];
  let gap: Remark[] = [];
  let end = 0;
  for (const { kind, text, start, end: itemEnd } of items) {
    const lines = pieces.length === 0 && gap.length === 0 ? 1 : lineBreaks(source.text, end, start);
    const place = { newlineBefore: lines > 0, blankBefore: lines > 1 };
    if (kind === "token") {
      pieces.push({ text, before: gap, after: [], ...place });
      gap = [];
    } else gap.push({ kind, text: kind === "line" ? text.trimEnd() : text, ...place });
    end = itemEnd;
  }
  return settle(pieces);
}

function itemsOf(source: SourceFile, findings: Findings): Item[] {
  const { tokens, comments, docs, trailingDocs } = lex(source, findings);
  const items: Item[] = tokens.map((token) => ({
    kind: "token",
    text: token.image,
    start: token.startOffset,
    end: endOf(token),
  }));
  for (const { text, span } of comments)
    items.push({ kind: text.startsWith("//") ? "line" : "block", text, start: span.start, end: span.end });
  for (const doc of [...docs, ...trailingDocs]) items.push({ kind: "doc", ...doc, text: spacedDoc(doc.text) });
  const last = source.text.length;
  return [...items.sort((a, b) => a.start - b.start), { kind: "token", text: "", start: last, end: last }];
}

/** One space behind the slashes does not belong to the documentation; everything else does, blanks at its end included. */
function spacedDoc(text: string): string {
  const content = text.slice(text.startsWith("/// ") ? 4 : 3);
  return content === "" ? "///" : `/// ${content}`;
}

function lineBreaks(text: string, start: number, end: number): number {
  let count = 0;
  // Not by what finds the next one, which may be at the end of a long line.
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 10) count += 1;
  return count;
}

/** Hands comments that stand behind a token on its line to that token, and a `//` before a `,` or `;` to the mark. */
function settle(pieces: readonly Piece[]): Piece[] {
  const settled: Piece[] = [];
  for (const [at, written] of pieces.entries()) {
    const previous = settled.at(-1);
    const next = pieces[at + 1];
    // A `//` that was moved behind the mark before it ended the line.
    const piece = previous?.after.some(endsLine) === true ? onNewLine(written) : written;
    const onLine = remarksOnLine(piece);
    const before = piece.before.slice(onLine.length);
    if (previous === undefined || onLine.length === 0 || standsWithin(previous, piece)) settled.push(piece);
    else if (isMark(piece) && before.length === 0 && onLine.some(endsLine) && next?.before[0]?.kind !== "doc") settled.push({ ...piece, before, after: onLine });
    else {
      settled[settled.length - 1] = { ...previous, after: [...previous.after, ...onLine] };
      settled.push({ ...piece, before });
    }
  }
  return settled;
}

function endsLine({ kind }: Remark): boolean {
  return kind !== "block";
}

function onNewLine(piece: Piece): Piece {
  const [first, ...rest] = piece.before;
  if (first === undefined) return { ...piece, newlineBefore: true };
  return { ...piece, before: [{ ...first, newlineBefore: true }, ...rest] };
}

/** The comments before a token that stand on the line of the token before it. */
function remarksOnLine({ before }: Piece): readonly Remark[] {
  const ownLine = before.findIndex(({ newlineBefore }) => newlineBefore);
  return ownLine === -1 ? before : before.slice(0, ownLine);
}

/** `(/* here *\/ a: T)`: a comment on the line of both its neighbours, which belongs to what follows. */
function standsWithin(previous: Piece, { before, newlineBefore, text }: Piece): boolean {
  if (newlineBefore || before.some((remark) => remark.newlineBefore)) return false;
  return !/^[;{}]$/.test(previous.text) && !/^[,;)\]>}]?$/.test(text);
}

function isMark({ text }: Piece): boolean {
  return text === "," || text === ";";
}
