/** Pieces on one line: where a space stands between two of them, and whether their comments let them share a line. */
import type { Piece, Remark } from "./pieces.js";

const CLOSE_BEFORE = new Set([",", ";", ")", "]", ">", ".", "?", ":", "(", "<"]);
const CLOSE_AFTER = new Set(["(", "[", "<", ".", "@"]);
/** What a list of values stands behind; behind anything else a `[` belongs to a type. */
const BEFORE_LIST = new Set(["=", ":", ","]);

/** Stands for a comment where `isSpaced` is asked what follows one. */
export const COMMENT = "/";

/** Whether a space parts two tokens; nothing parts the first one from the beginning of its line. */
export function isSpaced(left: string, right: string): boolean {
  if (left === "" || CLOSE_AFTER.has(left) || (left === "{" && right === "}")) return false;
  if (right === "[") return BEFORE_LIST.has(left);
  return !CLOSE_BEFORE.has(right);
}

/**
 * Pieces on one line; undefined where a comment among them needs a line break. What stands behind the last piece is left out:
 * a comment at the end of a line may be as long as it likes.
 */
export function flatText(pieces: readonly Piece[]): string | undefined {
  const shown = pieces.filter((piece, at) => !isLastComma(piece, pieces[at + 1]));
  const last = shown.at(-1);
  let text = "";
  let left = "";
  for (const piece of shown) {
    const after = piece === last ? [] : piece.after;
    if (![...piece.before, ...after].every(isInline)) return undefined;
    for (const word of [...piece.before.map(commentIn), piece.text, ...after.map(commentIn)]) {
      const token = word === piece.text ? word : COMMENT;
      text += isSpaced(left, token) ? ` ${word}` : word;
      left = token;
    }
  }
  return text;
}

/** The comma that may stand behind the last item of a list, and does where the list is broken. One with comments stays. */
export function isLastComma(piece: Piece, next: Piece | undefined): boolean {
  const closes = next?.text === ")" || next?.text === "]";
  return piece.text === "," && closes && piece.before.length === 0 && piece.after.length === 0;
}

function commentIn({ text }: Remark): string {
  return text;
}

function isInline(remark: Remark): boolean {
  return remark.kind === "block" && !remark.newlineBefore && !remark.text.includes("\n");
}
