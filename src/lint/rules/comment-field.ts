/** Fields are documented. */
import { documentationRule } from "../documentation.js";

export const commentField = documentationRule({
  slug: "comment-field",
  kinds: ["field", "structField"],
  says: "says what it holds, in which unit, and what absent means",
  why: "Types say how a value is written, not what it means.",
  bad: `package shop;
message Order {
  weight: u32 = 1;
}
`,
  good: `package shop;
message Order {
  /// In grams, with the packing.
  weight: u32 = 1;
}
`,
});
