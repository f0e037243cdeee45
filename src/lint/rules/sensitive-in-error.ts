/** An error carries a secret. */
import { rule } from "../rule.js";

export const sensitiveInError = rule({
  slug: "sensitive-in-error",
  set: "recommended",
  severity: "warning",
  why: "Errors are what programs log without thinking. They should say what went wrong in a way that may be shown.",
  bad: `package shop;
error BadLogin {
  @sensitive password: string = 1;
}
`,
  good: `package shop;
error BadLogin {
  attemptsLeft: u32 = 1;
}
`,
  check(program, report) {
    for (const { node, meaning, owner } of program.fields) {
      if (owner.kind === "error" && meaning.sensitive) report(node.name.span, `The error "${owner.node.name.text}" carries "${node.name.text}", which is "@sensitive".`, { help: "leave it out: the caller has it" });
    }
  },
});
