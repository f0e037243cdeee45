/** A waiver of a rule that does not exist. */
import { rule } from "../rule.js";

export const waiverUnknownRule = rule({
  slug: "waiver-unknown-rule",
  set: "recommended",
  severity: "error",
  why: "It waives nothing, and its author thinks it does.",
  bad: `package shop;
message Order {
  // lint-ignore field-camelcase: an old name
  id: string = 1;
}
`,
  good: `package shop;
message Order {
  // lint-ignore field-camel-case: an old name
  order_id: string = 1;
}
`,
});
