/** Constants are called in UPPER_SNAKE_CASE. */
import { namingRule } from "../naming.js";
import { inUpperSnakeCase } from "../words.js";

export const constUpperSnake = namingRule({
  slug: "const-upper-snake",
  kinds: ["const"],
  better: inUpperSnakeCase,
  fault: "is not in UPPER_SNAKE_CASE",
  why: "That is how constants of a module are told from variables.",
  bad: `package shop;
const maxItems: u32 = 3;
const LIMIT: u32 = maxItems;
`,
  good: `package shop;
const MAX_ITEMS: u32 = 3;
const LIMIT: u32 = MAX_ITEMS;
`,
});
