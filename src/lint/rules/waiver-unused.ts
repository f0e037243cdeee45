/** A waiver that waives nothing. */
import { rule } from "../rule.js";

export const waiverUnused = rule({
  slug: "waiver-unused",
  set: "recommended",
  severity: "warning",
  fixable: true,
  why: "The finding is gone, or stands elsewhere; the next one here would be waived unseen.",
  bad: `package shop;
// lint-ignore field-camel-case: an old name
message Order {
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
