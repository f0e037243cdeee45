/** What is called a time is a `timestamp`. */
import { rule } from "../rule.js";
import { isMoment } from "../times.js";
import { isNumber, scalarOf } from "../types.js";

export const timestampType = rule({
  slug: "timestamp-type",
  set: "recommended",
  severity: "warning",
  why: "A number leaves open whether it counts seconds or milliseconds, and a text which of its forms it has. A `timestamp` says both, and is a `Date` in TypeScript.",
  bad: `package shop;
message Order {
  createdAt: i64 = 1;
}
`,
  good: `package shop;
message Order {
  createdAt: timestamp = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      const scalar = scalarOf(program, meaning.type);
      if (!isMoment(node.name.text) || !(isNumber(scalar) || scalar === "string")) continue;
      report(node.type.span, `"${node.name.text}" is called a moment, and is of the type ${scalar}.`, { help: "make it a `timestamp`, under a number of its own" });
    }
  },
});
