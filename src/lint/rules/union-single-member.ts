/** A union of one member. */
import { fieldsIn } from "../../ir/names-in.js";
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const unionSingleMember = rule({
  slug: "union-single-member",
  set: "strict",
  severity: "info",
  why: "It costs what a union costs and tells nothing yet; a field of the type does the same. It is right where more members are sure to come.",
  bad: `package shop;
union Payment {
  card: string = 1;
}
`,
  good: `package shop;
union Payment {
  card: string = 1;
  iban: string = 2;
}
`,
  check(program, report) {
    for (const { node, meaning } of declarationsOfKind(program, "union")) {
      if (fieldsIn(meaning).length === 1) report(node.name.span, `The union "${meaning.name}" has one member.`, { help: "use the type of the member" });
    }
  },
});
