/** A short run of what `npm run fuzz` does at length. FUZZ_SEED repeats another one. */
import { expect, it } from "vitest";
import { DecoderFuzzer, fuzzedSchemas } from "./decoder-fuzzer.js";
import { prototypesAreAs, prototypeSnapshot } from "./prototype-snapshot.js";

const SEED = Number(process.env["FUZZ_SEED"] ?? 1);

it("damaged bytes are refused with a DecodeError, or are the one encoding of a value", async () => {
  const fuzzer = new DecoderFuzzer(SEED, await fuzzedSchemas(SEED, 8));
  const before = prototypeSnapshot();
  fuzzer.run(20_000);
  expect(prototypesAreAs(before)).toBe(true);
  expect(fuzzer.report.accepted).toBeGreaterThan(500);
});
