/** Methods are documented. */
import { documentationRule } from "../documentation.js";

export const commentMethod = documentationRule({
  slug: "comment-method",
  kinds: ["method"],
  says: "says what a call does, and when it fails",
  why: "The comment is what an editor shows at each call.",
  bad: `package shop;
service Orders {
  @readonly get() -> u8;
}
`,
  good: `package shop;
service Orders {
  /// How many orders there are.
  @readonly get() -> u8;
}
`,
});
