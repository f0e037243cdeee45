/** Random pairs of programs, an older and a newer one, with a verdict that is known because the edits between them are. */
import type { Program } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { type Break, breakingEdits } from "./breaking-edits.js";
import { compatibleEdits } from "./compatible-edits.js";
import { ProgramEditor } from "./program-editor.js";

export interface Pair {
  readonly before: Program;
  readonly after: Program;
  readonly edits: readonly string[];
  /** Absent where each program reads what the other wrote. */
  readonly breaks?: Break;
  /** Whether a field that is always written came or went: then the bytes that come back may say in more words what they said. */
  readonly isReworded: boolean;
  /** Rules of `breaking` about the wire that the edits offend, though bytes go both ways. */
  readonly forbidden: readonly string[];
}

export function randomPair(seed: number): Pair {
  const random = new Random(seed);
  const before = randomProgram(random);
  const editor = new ProgramEditor(random, before);
  if (random.chance(0.4)) {
    const broken = random
      .shuffled(breakingEdits)
      .reduce<Break | undefined>((found, edit) => found ?? edit(editor), undefined);
    if (broken !== undefined)
      return { before, after: editor.program, edits: [broken.what], breaks: broken, isReworded: false, forbidden: [] };
  }
  const edits: string[] = [];
  const forbidden: string[] = [];
  let isReworded = false;
  for (let left = random.between(1, 5); left > 0; left--) {
    const done = random.pick(compatibleEdits)(editor);
    if (done === undefined) continue;
    edits.push(done.what);
    forbidden.push(...(done.forbidden ?? []));
    isReworded ||= done.isAlwaysWritten === true;
  }
  return { before, after: editor.program, edits, isReworded, forbidden };
}
