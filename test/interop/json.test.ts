/** JSON that is damaged: generated code and the implementation in Python read the same from it, or both refuse it. */
import { expect } from "vitest";
import { DecodeError, EncodeError } from "../../runtime/wire/errors.js";
import { describeUnless } from "../left-out.js";
import type { AnyCodec } from "../load-generated.js";
import type { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { hex } from "../reference/agreement.js";
import { itAgreesAboutPrograms } from "./programs.js";
import { missingPython } from "./python.js";
import { tableRoot } from "./table.js";

const DAMAGED = 40;

const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  255,
  256,
  -129,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 63),
  1e300,
  1e-300,
  3.5e38,
  "",
  "0",
  "-0",
  "1",
  "01",
  "+1",
  "1.0",
  "1e3",
  " 1",
  "1_0",
  "-1",
  "9007199254740993",
  "18446744073709551616",
  "-9223372036854775808",
  "٣",
  "1\n",
  "NaN",
  "nan",
  "Infinity",
  "-Infinity",
  "+Infinity",
  "true",
  "MEMBER0",
  "MEMBER1",
  "2026-01-31T12:00:00Z",
  "2026-01-31T12:00:00.5Z",
  "2026-01-31T12:00:00.123456789Z",
  "2026-01-31T12:00:00.1234567891Z",
  "2026-01-31T12:00:00.500+01:30",
  "2026-01-31T12:00:00-23:59",
  "2026-01-31T12:00:00+24:00",
  "2026-01-31T12:00:00+0100",
  "2026-01-31T12:00Z",
  "2026-01-31",
  "2026-02-29T00:00:00Z",
  "2026-01-31T24:00:00Z",
  "2026-01-31T23:59:60Z",
  "2026-01-31t12:00:00z",
  "2026-01-31T12:00:00",
  "2026-01-31 12:00:00Z",
  "0001-01-01T00:00:00Z",
  "0000-12-31T23:59:59Z",
  "0001-01-01T00:00:00+01:00",
  "9999-12-31T23:59:59.999Z",
  "9999-12-31T23:59:59-01:00",
  "10000-01-01T00:00:00Z",
  "+002026-01-31T12:00:00Z",
  "1s",
  "1.5s",
  "-1.5s",
  "-0s",
  "+1s",
  "1.s",
  ".5s",
  "01s",
  "1e3s",
  "1.0000000001s",
  "1.000000001s",
  "315576000000s",
  "315576000000.1s",
  "-315576000000s",
  "-315576000000.1s",
  "1",
  "1ms",
  "s",
  "1S",
  "AA==",
  "AA",
  "AB==",
  "A===",
  "AAA=",
  "AAB=",
  "AAAA",
  "A-_A",
  "A+/A",
  "AA==\n",
  "A A=",
  "=",
  "\ud800",
  "é",
  "漢",
  "123e4567-e89b-12d3-a456-426614174000",
  "123E4567-E89B-12D3-A456-426614174000",
  "123e4567e89b12d3a456426614174000",
  "{123e4567-e89b-12d3-a456-426614174000}",
  "123e4567-e89b-12d3-a456-42661417400g",
  [],
  [null],
  [0],
  {},
  { $unknown: "" },
  { $unknown: "AAgBAA==" },
  { $unknown: "AAsBAGE=" },
  { $unknown: "AMA+BQA=" },
  { $unknown: "AsM+AQBh" },
  { "0": 1, "-0": 2 },
  { MEMBER0: 1, "0": 1 },
  { value: 1 },
  { "": 0 },
  { "1": 1 },
  { "01": 1 },
  { "-0": 1 },
  { " 1": 1 },
  { true: 1 },
  { "1": "1", "2": null },
];

describeUnless(missingPython(), "generated code and Python agree about JSON", () => {
  itAgreesAboutPrograms(4, ({ random, index, subjects, ask }) => {
    for (const { name, root, codec } of subjects) {
      if (codec.toJson === undefined) continue;
      const type = tableRoot(index, name, root);
      for (let k = 0; k < DAMAGED; k++) {
        const json = damaged(random, JSON.parse(JSON.stringify(codec.toJson(randomValue(random, index, root)))));
        const theirs = encodedJson(codec, json);
        const place = `${name}, ${JSON.stringify(json)}`;
        ask({ type, json }, (answer) => {
          if ("hex" in theirs) expect(answer, place).toEqual(theirs);
          else expect(answer, `${place}: ${theirs.refused}`).toHaveProperty("refused");
        });
      }
    }
  });
});

function encodedJson(
  { fromJson, encode }: AnyCodec,
  json: unknown,
): { readonly hex: string } | { readonly refused: string } {
  try {
    return { hex: hex(encode((fromJson as (json: unknown) => unknown)(json))) };
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return { refused: error.message };
    throw error;
  }
}

/** One value within it is another, gone, or has another key beside it. */
function damaged(random: Random, json: unknown): unknown {
  if (json === null || typeof json !== "object" || random.chance(0.25)) return random.pick(ODD);
  if (Array.isArray(json)) {
    if (json.length === 0) return [random.pick(ODD)];
    const at = random.below(json.length);
    return json.map((item: unknown, k) => (k === at ? damaged(random, item) : item));
  }
  const entries = Object.entries(json);
  if (entries.length === 0 || random.chance(0.1))
    return { ...json, [random.pick(["more", "0", "__proto_", "1"])]: random.pick(ODD) };
  const at = random.below(entries.length);
  if (random.chance(0.15)) return Object.fromEntries(entries.filter((_, k) => k !== at));
  return Object.fromEntries(entries.map(([key, item], k) => [key, k === at ? damaged(random, item) : item]));
}
