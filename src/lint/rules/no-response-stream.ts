/** No method answers with a stream. */
import { rule } from "../rule.js";

export const noResponseStream = rule({
  slug: "no-response-stream",
  set: "optional",
  severity: "warning",
  why: "For APIs that must cross networks and gateways that cannot pass one.",
  bad: `package shop;
service Orders {
  @readonly watch() -> stream u32;
}
`,
  good: `package shop;
service Orders {
  @readonly changes(from: u64) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.result?.stream === true) report(node.name.span, `"${meaning.name}" answers with a stream.`, { help: "answer with a page and a token" });
    }
  },
});
