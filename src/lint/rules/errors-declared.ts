/** A method says what it throws. */
import { rule } from "../rule.js";

export const errorsDeclared = rule({
  slug: "errors-declared",
  set: "optional",
  severity: "warning",
  why: "A caller can only handle by type what is declared; the rest arrives as a status code.",
  bad: `package shop;
service Orders {
  @readonly get(id: string) -> u32;
}
`,
  good: `package shop;
error NotFound {}
service Orders {
  @readonly get(id: string) -> u32 throws NotFound;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.throws.length === 0) report(node.name.span, `"${meaning.name}" declares no error.`, { help: "name what can go wrong behind `throws`" });
    }
  },
});
