/** Fields stand in the order of their numbers. */
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const numberOrder = rule({
  slug: "number-order",
  set: "strict",
  severity: "warning",
  why: "The next free number is then at the end, where one looks for it.",
  bad: `package shop;
message Order {
  note: string = 2;
  id: string = 1;
}
`,
  good: `package shop;
message Order {
  id: string = 1;
  note: string = 2;
}
`,
  check(program, report) {
    for (const owner of [...declarationsOfKind(program, "message", "union", "error"), ...program.methods]) {
      const fields = program.fieldsOf(owner);
      const late = fields.find(({ meaning }, at) => at > 0 && meaning.number < (fields[at - 1]?.meaning.number ?? 0));
      if (late !== undefined) report(late.node.name.span, `"${late.meaning.name}" has a lower number than the one before it.`, { help: "move it up; its place in the file means nothing on the wire" });
    }
  },
});
