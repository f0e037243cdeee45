/** A struct is small. */
import { fieldsIn } from "../../ir/names-in.js";
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const structSize = rule<{ max: number }>({
  slug: "struct-size",
  set: "recommended",
  severity: "warning",
  options: { max: 12 },
  why: "A struct never changes: a field that is missing tomorrow needs a new type. That is a fair price for a point or a sum of money, not for a record of many fields.",
  bad: `package shop;
struct Person {
  a: u8;
  b: u8;
  c: u8;
}
`,
  good: `package shop;
message Person {
  a: u8 = 1;
  b: u8 = 2;
  c: u8 = 3;
}
`,
  exampleOptions: { max: 2 },
  check(program, report, options) {
    for (const { node, meaning } of declarationsOfKind(program, "struct")) {
      const { length } = fieldsIn(meaning);
      if (length > options.max) report(node.name.span, `The struct "${meaning.name}" has ${length} fields, none of which can ever change.`, { help: "make it a message" });
    }
  },
});
