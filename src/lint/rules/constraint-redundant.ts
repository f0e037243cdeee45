/** A constraint that the type implies. */
import { integerRange } from "../../ir/integer-range.js";
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";

export const constraintRedundant = rule({
  slug: "constraint-redundant",
  set: "recommended",
  severity: "warning",
  fixable: true,
  why: "It says nothing, and looks as if it did.",
  bad: `package shop;
message Order {
  @min(0) count: u32 = 1;
}
`,
  good: `package shop;
message Order {
  count: u32 = 1;
}
`,
  check(program, report) {
    for (const { node, meaning, file } of program.fields) {
      const scalar = scalarOf(program, meaning.type);
      const limits = scalar === undefined ? undefined : integerRange(scalar);
      if (limits === undefined) continue;
      for (const annotation of node.annotations) {
        const name = annotation.name.text;
        const implied = (name === "min" && meaning.constraints?.min === `${limits[0]}`) || (name === "max" && meaning.constraints?.max === `${limits[1]}`);
        if (!implied) continue;
        const blank = /^[ \t]*/.exec(file.source.text.slice(annotation.span.end))?.[0].length ?? 0;
        const fix = [{ span: { ...annotation.span, end: annotation.span.end + blank }, text: "" }];
        report(annotation.span, `Every ${scalar} keeps to this "@${name}".`, { help: "take it out", fix });
      }
    }
  },
});
