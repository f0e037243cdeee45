/** Real processes, and threads, over every path, killed, stopped, cut off and slowed down at random: no promise is broken, nothing hangs, and both end by themselves. */
import { expect, it } from "vitest";
import { STORM_PATHS } from "./places.js";
import { storm } from "./storm.js";

const CALLS = 80;
const seed = Math.floor(Math.random() * 1_000_000);

it.each(STORM_PATHS)(`over %s with seed ${seed}`, { timeout: 300_000 }, async (path) => {
  const { violations, seen } = await storm(path, seed, CALLS);
  expect(violations).toEqual([]);
  expect(Object.values(seen).reduce((sum, count) => sum + count, 0)).toBe(CALLS);
});
