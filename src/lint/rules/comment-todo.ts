/** Documentation with a TODO in it. */
import { rule } from "../rule.js";

export const commentTodo = rule({
  slug: "comment-todo",
  set: "recommended",
  severity: "warning",
  why: "It reaches the readers of generated code, who cannot do it.",
  bad: `package shop;
/// TODO: say when this is empty.
message Order {
  id: string = 1;
}
`,
  good: `package shop;
// TODO: say when this is empty.
message Order {
  id: string = 1;
}
`,
  check(program, report) {
    for (const { node } of program.named) {
      const word = /\b(TODO|FIXME|XXX)\b/.exec(node.doc?.text ?? "")?.[0];
      if (word !== undefined && node.doc !== undefined) report(node.doc.span, `The documentation of "${node.name.text}" has a ${word}.`, { help: "write it behind `//`, which stays in this file" });
    }
  },
});
