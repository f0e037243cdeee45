/** A method says what may happen to its calls. */
import { insertBefore } from "../insert.js";
import { rule } from "../rule.js";

export const semanticsStated = rule({
  slug: "semantics-stated",
  set: "recommended",
  severity: "warning",
  fixable: true,
  why: "A method without a promise is `@atMostOnce`, the careful default: a reader cannot tell whether somebody thought about it. Most methods can promise more.",
  bad: `package shop;
service Orders {
  place(id: string) -> u32;
}
`,
  good: `package shop;
service Orders {
  @atMostOnce place(id: string) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.semanticsStated) continue;
      report(node.name.span, `"${meaning.name}" does not say what may happen to a call; it is "@atMostOnce" by default.`, { help: "write `@readonly`, `@idempotent`, `@exactlyOnce`, or `@atMostOnce` if that is meant", fix: insertBefore(node, "@atMostOnce ") });
    }
  },
});
