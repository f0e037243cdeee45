/** Unions are documented. */
import { documentationRule } from "../documentation.js";

export const commentUnion = documentationRule({
  slug: "comment-union",
  kinds: ["union"],
  says: "says what is chosen between",
  why: "It is what a reader looks for first.",
  bad: `package shop;
union Payment {
  card: string = 1;
}
`,
  good: `package shop;
/// How an order is paid.
union Payment {
  card: string = 1;
}
`,
});
