/** A bool says what is, not what is not. */
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";
import { plainWordsOf } from "../words.js";

const NEGATION = /^(?:is |has )?(?:no|not|non|disabled?)(?: |$)| (?:not|disabled)$/;

export const booleanPositive = rule({
  slug: "boolean-positive",
  set: "recommended",
  severity: "warning",
  why: "`disabled = false` and `notFound = false` are read twice. The name of a bool says what is so when it is true.",
  bad: `package shop;
message User {
  notActive: bool = 1;
}
`,
  good: `package shop;
message User {
  active: bool = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      if (scalarOf(program, meaning.type) !== "bool" || !NEGATION.test(plainWordsOf(node.name.text).join(" "))) continue;
      report(node.name.span, `The bool "${node.name.text}" says what is not.`, { help: "turn its name and its meaning around" });
    }
  },
});
