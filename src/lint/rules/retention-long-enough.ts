/** Records outlive the callers that may come back. */
import { rule } from "../rule.js";

export const retentionLongEnough = rule<{ minutes: number }>({
  slug: "retention-long-enough",
  set: "recommended",
  severity: "warning",
  options: { minutes: 10 },
  why: "A caller that was restarted asks again after minutes or hours. If the record is gone by then, the answer is STALE and nobody knows.",
  bad: `package shop;
service Orders {
  @exactlyOnce(retain: 30s) place(id: string) -> u32;
}
`,
  good: `package shop;
service Orders {
  @exactlyOnce(retain: 24h) place(id: string) -> u32;
}
`,
  check(program, report, options) {
    for (const { node, meaning } of program.methods) {
      const { retainMs, deadlineMs = 0 } = meaning;
      const least = Math.max(options.minutes * 60_000, 2 * deadlineMs);
      if (retainMs !== undefined && retainMs < least) report(node.name.span, `The records of "${meaning.name}" are kept for ${retainMs / 1000} s.`, { help: `keep them for ${least / 60_000} minutes at least` });
    }
  },
});
