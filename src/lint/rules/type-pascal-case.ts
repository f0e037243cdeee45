/** Messages, structs, unions, errors and aliases are called in PascalCase. */
import { namingRule } from "../naming.js";
import { inPascalCase } from "../words.js";

export const typePascalCase = namingRule({
  slug: "type-pascal-case",
  kinds: ["message", "struct", "union", "error", "alias"],
  better: inPascalCase,
  fault: "is not in PascalCase",
  why: "Types become interfaces, types and classes, which TypeScript writes in PascalCase.",
  bad: `package shop;
message order_item {
  next?: order_item = 1;
}
`,
  good: `package shop;
message OrderItem {
  next?: OrderItem = 1;
}
`,
});
