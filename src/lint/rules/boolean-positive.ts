/** A bool says what is, not what is not. */
import { rule } from "../rule.js";

const NEGATION = /^(?:is|has)?(?:[Nn]o|[Nn]ot|[Nn]on|[Dd]isabled?)(?=[A-Z]|$)|(?:Not|Disabled)$/;

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
      const isBool = meaning.type.kind === "scalar" && meaning.type.scalar === "bool";
      if (!isBool || !NEGATION.test(node.name.text)) continue;
      report(node.name.span, `The bool "${node.name.text}" says what is not.`, { help: "turn its name and its meaning around" });
    }
  },
});
