import fc from "fast-check";
import { expect, it } from "vitest";
import { StreamNumbers } from "../../runtime/rpc/protocol/stream-numbers.js";

/** As many ranges as are remembered. */
const MOST = 1_024;

it("each comes once, in whatever order a few that were passed come after others", () => {
  const order = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(order, (streams) => {
      const numbers = new StreamNumbers();
      let highest = 0;
      for (const stream of streams) {
        expect(numbers.take(stream)).toBe(stream < highest);
        highest = Math.max(highest, stream);
        expect(numbers.last).toBe(highest);
      }
      for (const stream of streams) expect(() => numbers.take(stream)).toThrow("comes twice");
    }),
  );
});

it("those that others passed long ago are given up, also where one long range falls into many", () => {
  const passed = new StreamNumbers();
  for (let stream = 2; stream <= 2 * (MOST + 1); stream += 2) passed.take(stream);
  expect(() => passed.take(1)).toThrow("far too late");
  expect(passed.take(3)).toBe(true);

  const split = new StreamNumbers();
  split.take(1_000_000);
  for (let stream = 2; stream <= 2 * MOST; stream += 2) split.take(stream);
  expect(() => split.take(1)).toThrow("far too late");
  expect(split.take(3)).toBe(true);
  expect(split.take(999_999)).toBe(true);
});
