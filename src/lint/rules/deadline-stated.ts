/** A method has a deadline of its own. */
import { rule } from "../rule.js";

export const deadlineStated = rule({
  slug: "deadline-stated",
  set: "strict",
  severity: "info",
  why: "The general default fits no method well. What the service can promise is known where the method is written.",
  bad: `package shop;
service Orders {
  @readonly get() -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly @deadline(500ms) get() -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      const isStream = meaning.result?.stream === true || meaning.parameters.kind === "stream";
      if (!isStream && meaning.deadlineMs === undefined) report(node.name.span, `"${meaning.name}" has no deadline of its own.`, { help: "such as `@deadline(500ms)`, on the method or on its service" });
    }
  },
});
