/** A deadline leaves time for each attempt. */
import { rule } from "../rule.js";

export const deadlineLongEnough = rule<{ msPerAttempt: number }>({
  slug: "deadline-long-enough",
  set: "recommended",
  severity: "warning",
  options: { msPerAttempt: 10 },
  why: "Attempts share the deadline. If it is too short for them, the last ones never get their turn.",
  bad: `package shop;
service Orders {
  @readonly @deadline(20ms) @retry(attempts: 5) get() -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly @deadline(500ms) @retry(attempts: 5) get() -> u32;
}
`,
  check(program, report, options) {
    for (const { node, meaning } of program.methods) {
      const { deadlineMs, attempts = 1 } = meaning;
      if (deadlineMs !== undefined && deadlineMs < attempts * options.msPerAttempt) report(node.name.span, `"${meaning.name}" has ${deadlineMs} ms for ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.`, { help: `give it ${attempts * options.msPerAttempt} ms at least` });
    }
  },
});
