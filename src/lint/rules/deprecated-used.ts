/** What is not deprecated uses something that is. */
import { namesIn } from "../../ir/names-in.js";
import { rule } from "../rule.js";

export const deprecatedUsed = rule({
  slug: "deprecated-used",
  set: "recommended",
  severity: "warning",
  why: "Whoever follows the advice and leaves the old thing meets it again here.",
  bad: `package shop;
@deprecated("use Sum")
message Money {
  cents: i64 = 1;
}
message Order {
  total: Money = 1;
}
`,
  good: `package shop;
message Sum {
  cents: i64 = 1;
}
message Order {
  total: Sum = 1;
}
`,
  check(program, report) {
    for (const subject of program.fields) {
      const { node, meaning, owner } = subject;
      if (meaning.deprecated !== undefined || owner.meaning.deprecated !== undefined) continue;
      const old = namesIn(meaning.type).map((name) => program.index.declaration(name)).find(({ deprecated }) => deprecated !== undefined);
      if (old !== undefined) report(node.type.span, `"${node.name.text}" is of the type "${old.name}", which is deprecated.`, { ...(old.deprecated !== "" && { help: old.deprecated ?? "" }) });
    }
    for (const { node, meaning } of program.methods) {
      if (meaning.deprecated !== undefined) continue;
      const used = [...(meaning.result === undefined ? [] : namesIn(meaning.result.type)), ...meaning.throws].map((name) => program.index.declaration(name));
      const old = used.find(({ deprecated }) => deprecated !== undefined);
      if (old !== undefined) report(node.name.span, `"${meaning.name}" answers with "${old.name}", which is deprecated.`, { ...(old.deprecated !== "" && { help: old.deprecated ?? "" }) });
    }
  },
});
