/** kill -9 of real server processes, at every named point of a call and under every promise: what is seen and what stands is what the table says. */
import { afterAll, describe, expect, it } from "vitest";
import { SEMANTICS } from "../../src/semantics/promises.js";
import { bundle } from "../simulation/bundle.js";
import { killAt } from "./kill.js";
import { CRASH_POINTS } from "./kill-points.js";

const child = await bundle("test/chaos/server.child.ts");
afterAll(() => child.remove());

describe.each(CRASH_POINTS)("a server killed %s", (point) => {
  it.each(SEMANTICS)("@%s", { timeout: 60_000 }, async (semantics) => {
    expect(await killAt(child.path, point, semantics, "unix")).toMatchObject({ killed: true, violation: undefined });
  });
});
