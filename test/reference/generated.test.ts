/** The reference, written from docs/wire.md alone, and generated code: each reads what the other writes, and both refuse the same. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { NodeWeights } from "../../src/ir/node-weights.js";
import { type Generated, loadGenerated, type Subject } from "../load-generated.js";
import { sourcesOf } from "../random/model.js";
import { mutated } from "../random/mutate.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { disagreement, hex } from "./agreement.js";
import { decodeRoot } from "./decode.js";
import { encodeRoot } from "./encode.js";
import { flatWidth } from "./layout.js";
import { weightOfElement, weightOfFields } from "./weight.js";

const PROGRAMS = Number(process.env["REFERENCE_PROGRAMS"] ?? 40);
const FIRST_SEED = Number(process.env["REFERENCE_SEED"] ?? 1);

describe("the reference agrees with generated code", () => {
  it.each(Array.from({ length: PROGRAMS }, (_, at) => FIRST_SEED + at))(
    "for the random program of seed %i",
    async (seed) => {
      const random = new Random(seed);
      const generated = await loadGenerated(sourcesOf(randomProgram(random)));
      expectSameWeights(generated);
      for (const subject of generated.subjects) {
        const corpus = Array.from({ length: 6 }, () => encodedByBoth(random, generated, subject));
        for (let k = 0; k < 60; k++) {
          const bytes = mutated(random, random.pick(corpus), corpus);
          const found = disagreement(generated.index, subject, bytes);
          if (found !== undefined) expect.fail(`${subject.name}, ${hex(bytes)}: ${found}`);
        }
      }
    },
  );
});

function expectSameWeights({ schema, index }: Generated): void {
  const weights = new NodeWeights(index, (type) => flatWidth(index, type));
  for (const declaration of schema.files.flatMap(({ declarations }) => declarations)) {
    if (!("fields" in declaration)) continue;
    const { fullName, fields } = declaration;
    expect([fullName, weightOfFields(index, fields)]).toEqual([fullName, weights.ofRecord(fields)]);
    for (const field of fields) expect(weightOfElement(index, field)).toBe(weights.ofElement(field));
  }
}

function encodedByBoth(random: Random, { index }: Generated, { name, root, codec }: Subject): Uint8Array {
  const value = randomValue(random, index, root);
  const bytes = codec.encode(value);
  const theirs = encodeRoot(index, root, value);
  if (hex(bytes) !== hex(theirs)) expect.fail(`${name}: generated ${hex(bytes)}, reference ${hex(theirs)}`);
  for (const decoded of [codec.decode(bytes), decodeRoot(index, root, bytes)]) {
    if (!isDeepStrictEqual(decoded, value)) expect(decoded, `${name}: ${hex(bytes)}`).toStrictEqual(value);
  }
  return bytes;
}
