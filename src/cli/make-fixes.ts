/** Makes fixes in texts, and of those that would break the program together, as many as do not. */
import { applyFixes, type Fix } from "../diagnostics/apply-fixes.js";

export type Texts = ReadonlyMap<string, string>;

export interface MadeFixes {
  readonly texts: Texts;
  /** How many fixes were made. */
  readonly count: number;
}

/**
 * Two fixes may each be right and together be wrong, as when both give the same name. So they are tried all at once, and
 * where that breaks the program, in halves: n fixes with k bad ones among them are about k log n questions, each a compile.
 */
export function makeFixes(texts: Texts, fixes: readonly Fix[], isCorrect: (texts: Texts) => boolean): MadeFixes {
  const apply = (chosen: readonly Fix[]): MadeFixes => {
    const fixed = applyFixes(chosen, (file) => texts.get(file) ?? "");
    return { texts: new Map([...texts, ...fixed.texts]), count: fixed.count };
  };
  const keep = (candidates: readonly Fix[], kept: readonly Fix[]): readonly Fix[] => {
    if (candidates.length === 0) return kept;
    const all = [...kept, ...candidates];
    if (isCorrect(apply(all).texts)) return all;
    if (candidates.length === 1) return kept;
    const half = Math.floor(candidates.length / 2);
    return keep(candidates.slice(half), keep(candidates.slice(0, half), kept));
  };
  return apply(keep(fixes, []));
}
