/** An error says its code. */
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const errorCodeStated = rule({
  slug: "error-code-stated",
  set: "strict",
  severity: "warning",
  why: "Gateways, metrics and callers without types know it by its code. Without one it is FAILED_PRECONDITION, which few errors are.",
  bad: `package shop;
error Busy {}
`,
  good: `package shop;
@code(RESOURCE_EXHAUSTED)
error Busy {}
`,
  check(program, report) {
    for (const { node, meaning } of declarationsOfKind(program, "error")) {
      if (!node.annotations.some(({ name }) => name.text === "code")) report(node.name.span, `"${meaning.name}" has no code; it is FAILED_PRECONDITION by default.`, { help: "such as `@code(NOT_FOUND)`" });
    }
  },
});
