/** Texts of parameters have a limit. */
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";

export const textBounded = rule({
  slug: "text-bounded",
  set: "strict",
  severity: "warning",
  why: "What is stored or searched should have a length that somebody chose.",
  bad: `package shop;
service Orders {
  @readonly find(text: string) -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly find(@length(max: 200) text: string) -> u32;
}
`,
  check(program, report) {
    for (const { kind, node, meaning } of program.fields) {
      const scalar = scalarOf(program, meaning.type);
      if (kind !== "parameter" || (scalar !== "string" && scalar !== "bytes") || meaning.constraints?.maxLength !== undefined) continue;
      report(node.name.span, `"${node.name.text}" may have any length.`, { help: "bound it, such as by `@length(max: 200)`" });
    }
  },
});
