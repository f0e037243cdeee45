/** A comment that only says the name again. */
import { rule } from "../rule.js";
import { plainWordsOf } from "../words.js";

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
      // Words of other scripts are in no name, and say what it does not.
      if (/(?![A-Za-z])\p{L}/u.test(node.doc.text)) continue;
      const said = plainWordsOf(node.doc.text).filter((word) => !FILLERS.has(word));
      const named = new Set(plainWordsOf(node.name.text));
      if (said.length === 0 || !said.every((word) => named.has(word) || named.has(word.replace(/s$/, "")))) continue;
      report(node.doc.span, `The documentation of "${node.name.text}" says its name again.`, { help: "say what the name does not" });
    }
  },
});
