/** Errors are documented. */
import { documentationRule } from "../documentation.js";

export const commentError = documentationRule({
  slug: "comment-error",
  kinds: ["error"],
  says: "says when it is thrown, and what a caller can do",
  why: "It is what a caller reads when it happens.",
  bad: `package shop;
error Sold {}
`,
  good: `package shop;
/// Somebody else was faster; another copy may be free.
error Sold {}
`,
});
