/** A method answers with a message. */
import { rule } from "../rule.js";
import { declaredOf } from "../types.js";

export const resultExtensible = rule({
  slug: "result-extensible",
  set: "optional",
  severity: "warning",
  why: "A scalar, list or map cannot gain a field: what is to be answered beside it needs another method.",
  bad: `package shop;
service Orders {
  @readonly count() -> u32;
}
`,
  good: `package shop;
message Count {
  orders: u32 = 1;
}
service Orders {
  @readonly count() -> Count;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      const { result } = meaning;
      if (result === undefined || result.stream) continue;
      const kind = declaredOf(program, result.type)?.kind;
      if (kind !== "message" && kind !== "union") report(node.name.span, `The answer of "${meaning.name}" can never gain a field.`, { help: "answer with a message" });
    }
  },
});
