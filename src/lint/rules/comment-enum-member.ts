/** Members of enums are documented. */
import { documentationRule } from "../documentation.js";

export const commentEnumMember = documentationRule({
  slug: "comment-enum-member",
  kinds: ["enumMember"],
  says: "says when it holds",
  why: "`CLOSED` may mean done or given up.",
  bad: `package shop;
enum Status {
  CLOSED = 0;
}
`,
  good: `package shop;
enum Status {
  /// Delivered or taken back.
  CLOSED = 0;
}
`,
});
