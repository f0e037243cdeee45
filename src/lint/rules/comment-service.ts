/** Services are documented. */
import { documentationRule } from "../documentation.js";

export const commentService = documentationRule({
  slug: "comment-service",
  kinds: ["service"],
  says: "says what the service is for",
  why: "The comment is what stands above the generated client.",
  bad: `package shop;
service Orders {
  @readonly get() -> u8;
}
`,
  good: `package shop;
/// What a shop can be asked.
service Orders {
  @readonly get() -> u8;
}
`,
});
