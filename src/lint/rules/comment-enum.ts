/** Enums are documented. */
import { documentationRule } from "../documentation.js";

export const commentEnum = documentationRule({
  slug: "comment-enum",
  kinds: ["enum"],
  says: "says what its members tell apart",
  why: "It is what a reader looks for first.",
  bad: `package shop;
enum Status {
  UNKNOWN = 0;
}
`,
  good: `package shop;
/// How far an order has come.
enum Status {
  UNKNOWN = 0;
}
`,
});
