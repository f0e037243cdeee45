/** The story of `npm start`, told once more: what it says of each promise is what happened. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../../../examples/city/main.ts", import.meta.url));

test("every promise is met by the fault that it is for", () => {
  const told = execFileSync(process.execPath, ["--import", "tsx", main], { encoding: "utf8", timeout: 60_000 });
  const chapters = told.split(/^\d+\. /m);
  expect(chapters[2]).toContain("Handler ran 2 times; the caller saw: Ada.");
  expect(chapters[3]).toContain("Handler ran 2 times; the plan is RESIDENT: true.");
  expect(chapters[4]).toMatch(/receipt 1\.\n.*Handler ran 1 time; the books show 1 charge of 1250 cents\./);
  expect(chapters[5]).toMatch(/receipt 2\.\n.*Handler ran 2 times; the books show 2 charges, of 1950 cents together\./);
  expect(chapters[6]).toContain("limitCents = 50000; FAILED_PRECONDITION, executed: yes.");
  expect(chapters[6]).toContain("INVALID_ARGUMENT, executed: no.");
  expect(chapters[7]).toContain("DEADLINE_EXCEEDED, executed: unknown.");
  expect(chapters[8]).toContain("UNKNOWN, reason OUTCOME_UNKNOWN, executed: unknown.");
  expect(chapters[8]).toContain("show 0 charges; its handler ran 0 times.");
  expect(chapters[9]).toContain("0 listeners.");
});
