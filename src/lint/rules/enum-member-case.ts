/** Members of enums are called in UPPER_SNAKE_CASE. */
import { namingRule } from "../naming.js";
import { inUpperSnakeCase } from "../words.js";

export const enumMemberCase = namingRule({
  slug: "enum-member-case",
  kinds: ["enumMember"],
  better: inUpperSnakeCase,
  fault: "is not in UPPER_SNAKE_CASE",
  why: "Members are constants. JSON writes them by name, which the fix keeps by `@wireName`.",
  bad: `package shop;
enum Status {
  unknown = 0;
  inStock = 1;
}
`,
  good: `package shop;
enum Status {
  UNKNOWN = 0;
  IN_STOCK = 1;
}
`,
});
