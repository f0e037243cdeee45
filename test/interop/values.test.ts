/** Random values of random types, and damaged bytes: generated code and the implementation in Python agree on each. INTEROP_SEED repeats a run. */
import { expect, it } from "vitest";
import { NodeWeights } from "../../src/ir/node-weights.js";
import { describeUnless } from "../left-out.js";
import { type AnyCodec, loadGenerated } from "../load-generated.js";
import { sourcesOf } from "../random/model.js";
import { mutated } from "../random/mutate.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { hasSecondForm, hex, verdictOf } from "../reference/agreement.js";
import { flatWidth } from "../reference/layout.js";
import { type CodecAnswer, codecAnswers, type CodecQuestion } from "./codec-answers.js";
import { missingPython } from "./python.js";
import { tableOf, tableRoot } from "./table.js";

const PROGRAMS = Number(process.env["INTEROP_PROGRAMS"] ?? 6);
const FIRST_SEED = Number(process.env["INTEROP_SEED"] ?? 1);
const VALUES = 4;
const DAMAGED = 60;

describeUnless(missingPython(), "generated code and Python agree", () => {
  it.each(Array.from({ length: PROGRAMS }, (_, at) => FIRST_SEED + at))(
    "for the random program of seed %i",
    async (seed) => {
      const random = new Random(seed);
      const { schema, index, subjects } = await loadGenerated(sourcesOf(randomProgram(random)));
      const questions: CodecQuestion[] = [{ table: tableOf(schema, index) }];
      const checks: ((answer: CodecAnswer) => void)[] = [];

      const corpora = subjects.map(({ root, codec }) =>
        Array.from({ length: VALUES }, () => codec.encode(randomValue(random, index, root))),
      );

      for (const [at, subject] of subjects.entries()) {
        const { name, root, codec } = subject;
        const type = tableRoot(index, name, root);
        const corpus = corpora[at] as Uint8Array[];
        for (const bytes of corpus) {
          const json = jsonOf(codec, codec.decode(bytes));
          const place = `${name}, ${hex(bytes)}`;
          questions.push({ type, hex: hex(bytes) });
          checks.push((answer) => {
            expect(answer, place).toMatchObject({ again: hex(bytes) });
            if (json !== undefined) expect(answer, place).toMatchObject({ json });
          });
          if (json === undefined) continue;
          questions.push({ type, json });
          checks.push((answer) => expect(answer, `${place}: ${JSON.stringify(json)}`).toEqual({ hex: hex(bytes) }));
        }
        const second = hasSecondForm(index, root);
        for (let k = 0; k < DAMAGED; k++) {
          // What another type wrote is full of fields that this one does not know.
          const from = random.chance(0.2) ? random.pick(corpora) : corpus;
          const bytes = mutated(random, random.pick(from), corpus);
          const verdict = verdictOf(subject, bytes);
          const again = "value" in verdict ? hex(codec.encode(verdict.value)) : undefined;
          const place = `${name}, ${hex(bytes)}`;
          questions.push({ type, hex: hex(bytes) });
          checks.push((answer) => {
            if ("refused" in verdict) expect(answer, `${place}: ${verdict.refused.message}`).toHaveProperty("refused");
            else if (!second) expect(answer, place).toMatchObject({ again: hex(bytes) });
            else expect(answer, place).not.toHaveProperty("refused");
            if (!second && again !== undefined) expect(again).toBe(hex(bytes));
          });
        }
      }

      const weights = new NodeWeights(index, (type) => flatWidth(index, type));
      for (const declaration of schema.files.flatMap(({ declarations }) => declarations)) {
        if (!("fields" in declaration)) continue;
        const { fullName, fields } = declaration;
        const extras = Object.fromEntries(fields.map((field) => [field.number, weights.ofPresent(field)]));
        questions.push({ weigh: fullName });
        checks.push((answer) => expect(answer, fullName).toEqual({ weight: weights.ofRecord(fields), extras }));
      }

      const answers = codecAnswers(questions);
      expect(answers.length).toBe(checks.length);
      checks.forEach((check, at) => check(answers[at] as CodecAnswer));
    },
  );
});

/** Undefined where the codec knows no JSON. */
function jsonOf({ toJson }: AnyCodec, value: unknown): unknown {
  return toJson === undefined ? undefined : JSON.parse(JSON.stringify(toJson(value)));
}
