/** An optional list or map. */
import { rule } from "../rule.js";
import { isCollection } from "../types.js";

export const optionalCollection = rule({
  slug: "optional-collection",
  set: "strict",
  severity: "info",
  why: "Absent and empty become two things that every caller has to tell apart, and few mean to.",
  bad: `package shop;
message Order {
  items?: string[] = 1;
}
`,
  good: `package shop;
message Order {
  items: string[] = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      if (meaning.optional && isCollection(program, meaning.type)) report(node.name.span, `"${node.name.text}" may be absent and may be empty.`, { help: "let the empty one say it" });
    }
  },
});
