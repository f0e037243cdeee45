/** The first word of a method is from the agreed list. */
import { rule } from "../rule.js";
import { verbOf } from "../types.js";

export const verbFromList = rule<{ verbs: readonly string[] }>({
  slug: "verb-from-list",
  set: "optional",
  severity: "warning",
  options: { verbs: ["get", "list", "create", "update", "delete", "watch"] },
  why: "`fetch`, `get`, `retrieve` and `load` for one thing make an API that must be looked up.",
  bad: `package shop;
service Orders {
  @readonly fetchOrder() -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly getOrder() -> u32;
}
`,
  check(program, report, options) {
    for (const { node, meaning } of program.methods) {
      if (!options.verbs.includes(verbOf(meaning.name))) report(node.name.span, `"${meaning.name}" begins with "${verbOf(meaning.name)}", which is not among the agreed verbs.`, { help: `they are ${options.verbs.join(", ")}` });
    }
  },
});
