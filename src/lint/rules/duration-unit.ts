/** An amount of time says its unit. */
import { rule } from "../rule.js";
import { isAmountOfTime } from "../times.js";
import { isNumber, scalarOf } from "../types.js";

export const durationUnit = rule({
  slug: "duration-unit",
  set: "recommended",
  severity: "warning",
  why: "A caller who takes milliseconds for seconds waits a thousand times too long. A `duration` has no unit to be mistaken in.",
  bad: `package shop;
service Orders {
  @readonly watch(timeout: u32) -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly watch(timeout: duration) -> u32;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      if (!isNumber(scalarOf(program, meaning.type)) || !isAmountOfTime(node.name.text)) continue;
      report(node.type.span, `"${node.name.text}" is an amount of time without a unit.`, { help: "make it a `duration`, or put the unit in its name: `timeoutMs`" });
    }
  },
});
