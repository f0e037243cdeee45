/** What is not deprecated uses something that is. */
import { namesIn } from "../../ir/names-in.js";
import type { Span } from "../../text/span.js";
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
    const use = (span: Span, what: string, names: readonly string[]) => {
      const old = names.map((name) => program.index.declaration(name)).find(({ deprecated }) => deprecated !== undefined);
      if (old !== undefined) report(span, `${what} "${old.name}", which is deprecated.`, { ...(old.deprecated !== "" && { help: old.deprecated ?? "" }) });
    };
    for (const { node, meaning, owner } of program.fields) {
      const isOld = owner.meaning.deprecated !== undefined || ("service" in owner && owner.service.deprecated !== undefined);
      if (meaning.deprecated === undefined && !isOld) use(node.type.span, `"${node.name.text}" is of the type`, namesIn(meaning.type));
    }
    for (const { node, meaning } of program.declarations) {
      if (node.kind === "alias" && meaning.kind === "alias" && meaning.deprecated === undefined) use(node.type.span, `"${node.name.text}" stands for the type`, namesIn(meaning.type));
    }
    for (const { node, meaning, service } of program.methods) {
      if (meaning.deprecated !== undefined || service.deprecated !== undefined) continue;
      const { parameters, result, throws } = meaning;
      if (parameters.kind === "stream" && node.parameters.kind === "stream") use(node.parameters.element.span, `"${meaning.name}" takes`, namesIn(parameters.element));
      if (result !== undefined) use(node.result?.type.span ?? node.name.span, `"${meaning.name}" answers with`, namesIn(result.type));
      for (const [at, name] of throws.entries()) use(node.throws[at]?.span ?? node.name.span, `"${meaning.name}" throws`, [name]);
    }
  },
});
