/** An error that is called like a code has that code. */
import { insertBefore } from "../insert.js";
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

const CODES: Readonly<Record<string, RegExp>> = {
  NOT_FOUND: /NotFound$/,
  ALREADY_EXISTS: /AlreadyExists$/,
  PERMISSION_DENIED: /PermissionDenied$/,
  UNAUTHENTICATED: /Unauthenticated$/,
  INVALID_ARGUMENT: /InvalidArgument$/,
};

export const errorCodeMismatch = rule({
  slug: "error-code-mismatch",
  set: "recommended",
  severity: "warning",
  fixable: true,
  why: "`NotFound` with the code FAILED_PRECONDITION is shown as something else than it says.",
  bad: `package shop;
error NotFound {}
`,
  good: `package shop;
@code(NOT_FOUND)
error NotFound {}
`,
  check(program, report) {
    for (const { node, meaning } of declarationsOfKind(program, "error")) {
      const code = Object.keys(CODES).find((each) => CODES[each]?.test(meaning.name));
      if (meaning.kind !== "error" || code === undefined || meaning.code === code) continue;
      const own = node.annotations.find(({ name }) => name.text === "code");
      const fix = own === undefined ? insertBefore(node, `@code(${code})\n`) : [{ span: own.span, text: `@code(${code})` }];
      report(node.name.span, `"${meaning.name}" has the code ${meaning.code}.`, { help: `write \`@code(${code})\``, fix });
    }
  },
});
