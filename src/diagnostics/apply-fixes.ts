/** Makes fixes in texts: each whole or not at all, and of two that touch the same place only the first. */
import type { TextEdit } from "./diagnostic.js";

export type Fix = readonly TextEdit[];

export interface FixedTexts {
  /** The texts that changed, by file. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many of the fixes were made. */
  readonly count: number;
}

/** Fixes that were left out, because others came before them, fit once the texts have been looked at again. */
export function applyFixes(fixes: Iterable<Fix>, textOf: (file: string) => string): FixedTexts {
  const accepted = new Map<string, TextEdit[]>();
  let count = 0;
  for (const fix of fixes) {
    if (fix.some((edit) => (accepted.get(edit.span.file) ?? []).some((other) => touches(edit, other)))) continue;
    for (const edit of fix) accepted.set(edit.span.file, [...(accepted.get(edit.span.file) ?? []), edit]);
    count += 1;
  }
  return { texts: new Map([...accepted].map(([file, edits]) => [file, applyEdits(textOf(file), edits)])), count };
}

/** The text after edits that do not touch each other. */
function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + text.slice(at);
}

/** Also two insertions at one place: which comes first is not ours to say. */
function touches(a: TextEdit, b: TextEdit): boolean {
  return a.span.start <= b.span.end && b.span.start <= a.span.end;
}
