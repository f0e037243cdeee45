/** Finds the name that a person most likely meant. */
import { distance } from "fastest-levenshtein";

/** To compare two words takes the square of their length. */
const LONGEST_WORD = 200;

/**
 * The candidate nearest to `word`, or undefined if none is near: one edit for every three letters, two at most, where a
 * difference of case alone counts as nothing and two letters that changed places as one edit.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const folded = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const edits = editsBetween(folded, candidate.toLowerCase());
    if (edits >= bestDistance) continue;
    best = candidate;
    bestDistance = edits;
    if (edits === 0) break;
  }
  return best;
}

function editsBetween(a: string, b: string): number {
  if (a.length === b.length) {
    const at = [...a].findIndex((letter, index) => letter !== b[index]);
    if (at !== -1 && a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2) === b) return 1;
  }
  return distance(a, b);
}

/** `did you mean "Order"?`, or undefined where there is nothing to propose. */
export function didYouMean(suggestion: string | undefined): string | undefined {
  return suggestion === undefined ? undefined : `did you mean "${suggestion}"?`;
}

/** Where else an unknown name may come from: an import that could not be read. */
export function perhapsUnread(path: string | undefined): string | undefined {
  return path === undefined ? undefined : `it may be declared in "${path}", which could not be read`;
}
