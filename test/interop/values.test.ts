/** Random values of random types, and damaged bytes: generated code and the implementation in Python agree on each. */
import { expect } from "vitest";
import { NodeWeights } from "../../src/ir/node-weights.js";
import { describeUnless } from "../left-out.js";
import type { AnyCodec } from "../load-generated.js";
import { mutated } from "../random/mutate.js";
import { randomValue } from "../random/value.js";
import { hasSecondForm, hex, verdictOf } from "../reference/agreement.js";
import { flatWidth } from "../reference/layout.js";
import { itAgreesAboutPrograms } from "./programs.js";
import { missingPython } from "./python.js";
import { tableRoot } from "./table.js";

const VALUES = 4;
const DAMAGED = 60;

describeUnless(missingPython(), "generated code and Python agree", () => {
  itAgreesAboutPrograms(6, ({ random, schema, index, subjects, ask }) => {
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
        ask({ type, hex: hex(bytes) }, (answer) => {
          expect(answer, place).toMatchObject({ again: hex(bytes) });
          if (json !== undefined) expect(answer, place).toMatchObject({ json });
        });
        if (json === undefined) continue;
        ask({ type, json }, (answer) => expect(answer, `${place}: ${JSON.stringify(json)}`).toEqual({ hex: hex(bytes) }));
      }
      const second = hasSecondForm(index, root);
      for (let k = 0; k < DAMAGED; k++) {
        // What another type wrote is full of fields that this one does not know.
        const from = random.chance(0.2) ? random.pick(corpora) : corpus;
        const bytes = mutated(random, random.pick(from), corpus);
        const verdict = verdictOf(subject, bytes);
        const again = "value" in verdict ? hex(codec.encode(verdict.value)) : undefined;
        const place = `${name}, ${hex(bytes)}`;
        ask({ type, hex: hex(bytes) }, (answer) => {
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
      ask({ weigh: fullName }, (answer) => expect(answer, fullName).toEqual({ weight: weights.ofRecord(fields), extras }));
    }
  });
});

/** Undefined where the codec knows no JSON. */
function jsonOf({ toJson }: AnyCodec, value: unknown): unknown {
  return toJson === undefined ? undefined : JSON.parse(JSON.stringify(toJson(value)));
}
