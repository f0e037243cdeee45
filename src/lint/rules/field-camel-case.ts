/** Fields and members of unions are called in camelCase. */
import { namingRule } from "../naming.js";
import { inCamelCase } from "../words.js";

export const fieldCamelCase = namingRule({
  slug: "field-camel-case",
  kinds: ["field", "structField", "unionMember"],
  better: inCamelCase,
  fault: "is not in camelCase",
  why: "Fields become properties, which TypeScript writes in camelCase. JSON writes them by name, which the fix keeps by `@wireName`.",
  bad: `package shop;
message Order {
  placed_by: string = 1;
}
`,
  good: `package shop;
message Order {
  placedBy: string = 1;
}
`,
});
