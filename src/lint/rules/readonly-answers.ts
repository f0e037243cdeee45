/** A `@readonly` method has an answer. */
import { rule } from "../rule.js";

export const readonlyAnswers = rule({
  slug: "readonly-answers",
  set: "recommended",
  severity: "warning",
  why: "It changes nothing and tells nothing: either it has an effect after all, or it is a ping, which every connection has already.",
  bad: `package shop;
service Orders {
  @readonly touch(id: string);
}
`,
  good: `package shop;
service Orders {
  @idempotent touch(id: string);
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.semantics === "readonly" && meaning.result === undefined) report(node.name.span, `"${meaning.name}" is "@readonly" and answers nothing.`, { help: "say what it answers, or that it has an effect" });
    }
  },
});
