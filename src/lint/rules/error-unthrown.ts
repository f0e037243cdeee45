/** An error that no method throws. */
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const errorUnthrown = rule({
  slug: "error-unthrown",
  set: "recommended",
  severity: "info",
  why: "It is generated, exported and documented, and nobody can ever catch it.",
  bad: `package shop;
error NotFound {}
service Orders {
  @readonly get() -> u32;
}
`,
  good: `package shop;
error NotFound {}
service Orders {
  @readonly get() -> u32 throws NotFound;
}
`,
  check(program, report) {
    const thrown = new Set(program.methods.flatMap(({ meaning }) => meaning.throws));
    if (program.methods.length === 0) return;
    for (const { node, meaning } of declarationsOfKind(program, "error")) {
      if (!thrown.has(meaning.fullName)) report(node.name.span, `No method throws "${meaning.name}".`, { help: "name it behind `throws`, or take it out" });
    }
  },
});
