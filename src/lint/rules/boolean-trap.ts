/** A method takes several bools. */
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";

export const booleanTrap = rule({
  slug: "boolean-trap",
  set: "strict",
  severity: "info",
  why: "An enum can gain a third case, and says at the call what is meant.",
  bad: `package shop;
service Orders {
  @readonly find(open: bool, paid: bool) -> u32;
}
`,
  good: `package shop;
enum State {
  UNKNOWN = 0;
  OPEN = 1;
  PAID = 2;
}
service Orders {
  @readonly find(state: State) -> u32;
}
`,
  check(program, report) {
    for (const method of program.methods) {
      const bools = program.fieldsOf(method).filter(({ meaning }) => scalarOf(program, meaning.type) === "bool");
      if (bools.length > 1) report(method.node.name.span, `"${method.meaning.name}" takes ${bools.length} bools.`, { help: "an enum says which of the cases there are" });
    }
  },
});
