/** Money is not a floating point number. */
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";
import { endsWith } from "../words.js";

const MONEY = new Set(["price", "amount", "cost", "fee", "balance", "salary", "total", "subtotal", "revenue"]);

export const moneyNotFloat = rule({
  slug: "money-not-float",
  set: "recommended",
  severity: "warning",
  why: "0.1 + 0.2 is not 0.3 in binary. Amounts are whole numbers of the smallest unit, with their currency.",
  bad: `package shop;
message Order {
  totalPrice: f64 = 1;
}
`,
  good: `package shop;
message Order {
  totalCents: i64 = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      const scalar = scalarOf(program, meaning.type);
      if ((scalar !== "f64" && scalar !== "f32") || !endsWith(node.name.text, MONEY)) continue;
      report(node.type.span, `"${node.name.text}" is money, and binary fractions do not hold it exactly.`, { help: "count the smallest unit, such as cents, in an `i64`" });
    }
  },
});
