/** Calls through a proxy that breaks real connections: in the middle of frames, in one direction, on one end only. */
import { describe, expect, it } from "vitest";
import { soak } from "./soak.js";

describe.each(["unix", "tcp"] as const)("%s sockets through a bad line", (socket) => {
  it.each([1, 2, 3, 4])("seed %i", { timeout: 60_000 }, async (seed) => {
    const { violations, calls, answered, connections } = await soak(seed, socket);
    expect(violations).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(40);
    expect(answered).toBeGreaterThan(0);
    expect(connections).toBeGreaterThan(1);
  });
});
