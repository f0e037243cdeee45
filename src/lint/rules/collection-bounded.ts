/** Lists and maps of parameters have a limit. */
import { rule } from "../rule.js";
import { isCollection } from "../types.js";

export const collectionBounded = rule({
  slug: "collection-bounded",
  set: "strict",
  severity: "warning",
  why: "Without one, a caller decides how much memory a call takes; the limit on a message is the only other bound.",
  bad: `package shop;
service Orders {
  @readonly find(ids: string[]) -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly find(@length(max: 100) ids: string[]) -> u32;
}
`,
  check(program, report) {
    for (const { kind, node, meaning } of program.fields) {
      if (kind !== "parameter" || !isCollection(program, meaning.type) || meaning.constraints?.maxLength !== undefined) continue;
      report(node.name.span, `"${node.name.text}" may have any number of items.`, { help: "bound it, such as by `@length(max: 100)`" });
    }
  },
});
