/** A constraint that the type implies. */
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";

const LIMITS: Readonly<Record<string, readonly [min: string, max: string]>> = {
  u8: ["0", "255"],
  u16: ["0", "65535"],
  u32: ["0", "4294967295"],
  u64: ["0", "18446744073709551615"],
  i8: ["-128", "127"],
  i16: ["-32768", "32767"],
  i32: ["-2147483648", "2147483647"],
  i64: ["-9223372036854775808", "9223372036854775807"],
};

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
      const limits = LIMITS[scalarOf(program, meaning.type) ?? ""];
      if (limits === undefined) continue;
      for (const annotation of node.annotations) {
        const name = annotation.name.text;
        const implied = (name === "min" && meaning.constraints?.min === limits[0]) || (name === "max" && meaning.constraints?.max === limits[1]);
        if (!implied) continue;
        const blank = /^[ \t]*/.exec(file.source.text.slice(annotation.span.end))?.[0].length ?? 0;
        const fix = [{ span: { ...annotation.span, end: annotation.span.end + blank }, text: "" }];
        report(annotation.span, `Every ${scalarOf(program, meaning.type)} keeps to this "@${name}".`, { help: "take it out", fix });
      }
    }
  },
});
