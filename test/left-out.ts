/** Leaves a suite out where the machine lacks what it needs, and says so: in CI its absence is a failure instead. */
import { describe, test } from "vitest";

/** Runs `suite` if `missing` is undefined; else `missing` says what this machine lacks: "node:sqlite, which Node 20 does not have". */
export function describeUnless(missing: string | undefined, name: string, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
    return;
  }
  describe(name, () => {
    test("is left out", (context) => {
      if (process.env["CI"] === "true") throw new Error(`it needs ${missing}`);
      context.skip(`it needs ${missing}`);
    });
  });
}
