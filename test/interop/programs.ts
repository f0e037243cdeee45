/** Random programs about which generated code and the implementation in Python are asked the same. INTEROP_SEED repeats a run, INTEROP_PROGRAMS lengthens it. */
import { expect, it } from "vitest";
import { type Generated, loadGenerated } from "../load-generated.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { type CodecAnswer, codecAnswers, type CodecQuestion } from "./codec-answers.js";
import { tableOf } from "./table.js";

const FIRST_SEED = Number(process.env["INTEROP_SEED"] ?? 1);

export interface Program extends Generated {
  readonly random: Random;
  /** Asks Python, all at once in the end, and has the answer looked at. */
  ask(question: CodecQuestion, check: (answer: CodecAnswer) => void): void;
}

/** @param count of programs, unless the environment says another. */
export function itAgreesAboutPrograms(count: number, about: (program: Program) => void): void {
  const programs = Number(process.env["INTEROP_PROGRAMS"] ?? count);
  it.each(Array.from({ length: programs }, (_, at) => FIRST_SEED + at))("for the random program of seed %i", async (seed) => {
    const random = new Random(seed);
    const generated = await loadGenerated(sourcesOf(randomProgram(random)));
    const questions: CodecQuestion[] = [{ table: tableOf(generated.schema, generated.index) }];
    const checks: ((answer: CodecAnswer) => void)[] = [];
    about({
      ...generated,
      random,
      ask(question, check) {
        questions.push(question);
        checks.push(check);
      },
    });
    const answers = codecAnswers(questions);
    expect(answers.length).toBe(checks.length);
    checks.forEach((check, at) => check(answers[at] as CodecAnswer));
  });
}
