/** Parameters are called in camelCase. */
import { namingRule } from "../naming.js";
import { inCamelCase } from "../words.js";

export const paramCamelCase = namingRule({
  slug: "param-camel-case",
  kinds: ["parameter"],
  better: inCamelCase,
  fault: "is not in camelCase",
  why: "Parameters become properties of the object that a method takes.",
  bad: `package shop;
service Orders {
  @readonly get(Order_id: string) -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly get(orderId: string) -> u32;
}
`,
});
