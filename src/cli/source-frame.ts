/** A line of source with carets under the part that is meant, lined up whatever tabs and wide characters stand in it. */
import type { Place } from "../diagnostics/finding.js";
import type { SourceFile } from "../text/source-file.js";

export interface FramePaint {
  readonly gutter: (text: string) => string;
  readonly mark: (text: string) => string;
}

/** Columns of a terminal that a frame may take; longer lines are cut around the place. */
const WIDTH = 110;
const TAB = 4;

/** `12 |   id: Ordr = 1;` and the carets below it. */
export function frameOf(file: SourceFile, place: Place, paint: FramePaint): string[] {
  const line = file.line(place.line);
  const from = place.column - 1;
  const to = place.endLine > place.line ? line.length : place.endColumn - 1;
  const cells = cellsOf(line, from);
  const before = widthOf(cells, 0, from);
  const marked = Math.max(1, widthOf(cells, from, to));
  const cut = visiblePart(cells, before, Math.min(marked, WIDTH));
  const number = String(place.line);
  const space = " ".repeat(number.length);
  const carets = "^".repeat(Math.max(1, Math.min(marked, cut.width - (before - cut.hidden))));
  return [
    `${paint.gutter(`${number} |`)} ${cut.text}`,
    `${paint.gutter(`${space} |`)} ${" ".repeat(before - cut.hidden)}${paint.mark(carets)}`,
  ];
}

interface Cell {
  /** The offset in the line, in UTF-16 code units. */
  readonly at: number;
  readonly text: string;
  readonly width: number;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The cells near an offset: a line of megabytes costs no more than another. */
function cellsOf(line: string, near: number): Cell[] {
  const start = near > 1000 ? near - 500 : 0;
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of graphemes.segment(line.slice(start, start + 2000))) {
    const text = segment === "\t" ? " ".repeat(TAB - (column % TAB)) : printable(segment);
    const width = text === segment ? displayWidth(segment) : text.length;
    cells.push({ at: start + index, text, width });
    column += width;
  }
  return cells;
}

function widthOf(cells: readonly Cell[], from: number, to: number): number {
  let width = 0;
  for (const cell of cells) if (cell.at >= from && cell.at < to) width += cell.width;
  return width;
}

/** The part of the line that is shown: all of it, or what fits with the place in sight. */
function visiblePart(cells: readonly Cell[], before: number, marked: number): { text: string; hidden: number; width: number } {
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  const start = total <= WIDTH || before + marked <= WIDTH ? 0 : before - Math.max(0, Math.min(20, WIDTH - marked));
  let at = 0;
  let hidden = 0;
  let width = 0;
  let text = "";
  for (const cell of cells) {
    if (at < start) hidden += cell.width;
    else if (width + cell.width <= WIDTH) {
      text += cell.text;
      width += cell.width;
    } else break;
    at += cell.width;
  }
  return { text, hidden, width };
}

/** East Asian wide and full-width characters and emoji take two columns of a terminal. */
function displayWidth(grapheme: string): number {
  if (/^\p{Mark}+$/u.test(grapheme)) return 0;
  return /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(grapheme)
    ? 2
    : 1;
}

/** Control characters and lone surrogates are shown as one replacement each, so that they neither act nor shift anything. */
function printable(grapheme: string): string {
  return grapheme.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu, "\uFFFD");
}
