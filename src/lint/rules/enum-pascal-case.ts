/** Enums are called in PascalCase. */
import { namingRule } from "../naming.js";
import { inPascalCase } from "../words.js";

export const enumPascalCase = namingRule({
  slug: "enum-pascal-case",
  kinds: ["enum"],
  better: inPascalCase,
  fault: "is not in PascalCase",
  why: "An enum becomes a type and an object of constants, which TypeScript writes in PascalCase.",
  bad: `package shop;
enum order_status {
  UNKNOWN = 0;
}
const START: order_status = order_status.UNKNOWN;
`,
  good: `package shop;
enum OrderStatus {
  UNKNOWN = 0;
}
const START: OrderStatus = OrderStatus.UNKNOWN;
`,
});
