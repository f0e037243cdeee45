/** What is reserved has its number and its name reserved. */
import { rule } from "../rule.js";

export const reservedBoth = rule({
  slug: "reserved-both",
  set: "strict",
  severity: "warning",
  why: "The number keeps old bytes from being misread, the name old JSON. Each of them alone leaves a door open.",
  bad: `package shop;
message Order {
  id: string = 1;
  reserved 2;
}
`,
  good: `package shop;
message Order {
  id: string = 1;
  reserved 2, "note";
}
`,
  check(program, report) {
    for (const { node, meaning } of program.declarations) {
      if (!("reserved" in meaning)) continue;
      const { ranges, names } = meaning.reserved;
      const numbers = ranges.length;
      if ((numbers === 0) === (names.length === 0)) continue;
      const missing = names.length === 0 ? "names" : "numbers";
      report(node.name.span, `"${meaning.name}" reserves ${names.length === 0 ? "numbers" : "names"}, but no ${missing}.`, { help: `reserve the ${missing} that went with them` });
    }
  },
});
