/** The fit of T(n) = alpha + n beta, and how sure it is of itself. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitLaw, quantile, seededChance, type Sample } from "../../src/measure/law.js";

const SIZES = [0, 64, 1_024, 16_384, 262_144, 1_048_576];

describe("the law of a call", () => {
  it("is found where calls keep to it", () => {
    fc.assert(fc.property(fc.double({ min: 1, max: 1e4, noNaN: true }), fc.double({ min: 1e-5, max: 1, noNaN: true }), (alpha, beta) => {
      const law = fitLaw(SIZES.map((bytes) => ({ bytes, times: [alpha + beta * bytes] })), seededChance(1));
      expect(law.alpha.value / alpha).toBeCloseTo(1, 6);
      expect(law.beta.value / (beta * 1_000)).toBeCloseTo(1, 6);
      expect(law.nHalf.value / (alpha / beta)).toBeCloseTo(1, 4);
      expect(law.worstMiss).toBeLessThan(1e-6);
    }));
  });

  it("is between its bounds, which hold what is true behind noise that has a tail", () => {
    let within = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const chance = seededChance(seed);
      const noisy = (us: number): number => us * (0.9 + 0.2 * chance()) + (chance() < 0.05 ? us * 20 * chance() : 0);
      const samples: Sample[] = SIZES.map((bytes) => ({ bytes, times: Array.from({ length: 300 }, () => noisy(100 + bytes / 500)) }));
      const { alpha, beta } = fitLaw(samples, chance);
      for (const each of [alpha, beta]) expect(each.from <= each.value && each.value <= each.to).toBe(true);
      if (alpha.from <= 103 && alpha.to >= 99) within += 1;
    }
    expect(within).toBeGreaterThanOrEqual(90);
  });

  it("is surer of itself the more calls there are, and no surer than it may be", () => {
    const widths = [300, 3_000, 30_000].map((count) => {
      let [within, width] = [0, 0];
      for (let seed = 0; seed < 40; seed += 1) {
        const chance = seededChance(seed);
        const { alpha } = fitLaw(SIZES.map((bytes) => ({ bytes, times: Array.from({ length: count }, () => (100 + bytes / 500) * (0.5 + chance())) })), chance);
        width += (alpha.to - alpha.from) / 40;
        if (alpha.from <= 100 && alpha.to >= 100) within += 1;
      }
      expect(within).toBeGreaterThanOrEqual(34);
      return width;
    });
    // Ten times the calls: a third of the width.
    for (const at of [1, 2]) expect((widths[at - 1] ?? 0) / (widths[at] ?? 1)).toBeCloseTo(Math.sqrt(10), 0);
  });

  it("says how far the calls are off it", () => {
    const law = fitLaw([10, 10, 1_000, 10].map((us, at) => ({ bytes: SIZES[at] ?? 0, times: [us] })), seededChance(1));
    expect(law.worstMiss).toBeGreaterThan(0.5);
  });

  it("of calls that bytes cost nothing has no n-half", () => {
    expect(fitLaw(SIZES.map((bytes) => ({ bytes, times: [5] })), seededChance(1)).nHalf.value).toBeGreaterThan(1e12);
  });
});

it("a quantile lies between the values that it falls between", () => {
  expect([0, 0.25, 0.5, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 1.75, 2.5, 4]);
});
