/** Closes a run with every test that was left out and why, and one plain line of counts. In CI nothing may be left out. */
import type { Reporter, TestCase, TestModule } from "vitest/node";

export class LeftOutReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: "passed" | "failed") => tests.filter((test) => test.result().state === state).length;
    const brokenModules = modules.filter((module) => module.errors().length > 0).length;
    const leftOut = tests.filter((test) => test.result().state === "skipped");
    const lines = leftOut.map((test) => `  ${test.module.relativeModuleId} > ${test.fullName}: ${reasonOf(test)}`);
    if (lines.length > 0) console.log(["", "Left out:", ...new Set(lines)].join("\n"));
    const failed = count("failed") + brokenModules + errors.length;
    console.log(`\n${count("passed")} passed, ${failed} failed, ${leftOut.length} skipped`);
    if (leftOut.length > 0 && process.env["CI"] === "true") process.exitCode = 1;
  }
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === "skipped" && result.note) || "no reason given";
}
