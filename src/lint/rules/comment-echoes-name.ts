/** A comment that only says the name again. */
import { rule } from "../rule.js";
import { wordsOf } from "../words.js";

const FILLERS = new Set(["a", "an", "the", "of", "for", "this", "is", "to", "gets", "sets", "field", "message", "enum", "service", "method", "error", "type"]);

export const commentEchoesName = rule({
  slug: "comment-echoes-name",
  set: "recommended",
  severity: "warning",
  why: "It takes a line and the place of one that would tell something.",
  bad: `package shop;
message Order {
  /// The order id.
  orderId: string = 1;
}
`,
  good: `package shop;
message Order {
  /// Given by the shop; unique for ever.
  orderId: string = 1;
}
`,
  check(program, report) {
    for (const { node } of program.named) {
      if (node.doc === undefined) continue;
      const said = wordsOf(node.doc.text).map((word) => word.toLowerCase()).filter((word) => !FILLERS.has(word));
      const named = new Set(wordsOf(node.name.text).map((word) => word.toLowerCase()));
      if (said.length === 0 || !said.every((word) => named.has(word) || named.has(word.replace(/s$/, "")))) continue;
      report(node.doc.span, `The documentation of "${node.name.text}" says its name again.`, { help: "say what the name does not" });
    }
  },
});
