/** Methods are called in camelCase. */
import { namingRule } from "../naming.js";
import { inCamelCase } from "../words.js";

export const methodCamelCase = namingRule({
  slug: "method-camel-case",
  kinds: ["method"],
  better: inCamelCase,
  fault: "is not in camelCase",
  why: "A method becomes a method of the client, which TypeScript writes in camelCase. Its name on the wire stays what it was: the fix keeps it by `@wireName`.",
  bad: `package shop;
service Orders {
  @readonly Get_order();
}
`,
  good: `package shop;
service Orders {
  @readonly getOrder();
}
`,
});
