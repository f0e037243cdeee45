/** A waiver without a reason. */
import { rule } from "../rule.js";

export const waiverReason = rule({
  slug: "waiver-reason",
  set: "recommended",
  severity: "error",
  why: "Who comes later must be able to tell whether it still holds. A waiver without a reason waives nothing.",
  bad: `package shop;
message Order {
  // lint-ignore field-camel-case
  order_id: string = 1;
}
`,
  good: `package shop;
message Order {
  // lint-ignore field-camel-case: known under this name for years
  order_id: string = 1;
}
`,
});
