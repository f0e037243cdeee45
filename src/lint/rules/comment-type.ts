/** Messages and structs are documented. */
import { documentationRule } from "../documentation.js";

export const commentType = documentationRule({
  slug: "comment-type",
  kinds: ["message", "struct"],
  says: "says what one of it stands for",
  why: "A name alone leaves open what is included.",
  bad: `package shop;
message Order {
  id: string = 1;
}
`,
  good: `package shop;
/// What was asked for and not yet sent.
message Order {
  id: string = 1;
}
`,
});
