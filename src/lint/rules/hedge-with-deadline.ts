/** A hedged method has a deadline. */
import { rule } from "../rule.js";

export const hedgeWithDeadline = rule({
  slug: "hedge-with-deadline",
  set: "recommended",
  severity: "info",
  why: "A second attempt is worth its price where a late answer is of no use; the deadline says from when on.",
  bad: `package shop;
service Orders {
  @readonly @hedge get() -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly @hedge @deadline(200ms) get() -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.hedge && meaning.deadlineMs === undefined) report(node.name.span, `"${meaning.name}" is hedged and has no deadline.`, { help: "such as `@deadline(200ms)`" });
    }
  },
});
