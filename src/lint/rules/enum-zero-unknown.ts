/** The zero of an enum means that nothing is known. */
import { rule } from "../rule.js";

export const enumZeroUnknown = rule<{ names: readonly string[] }>({
  slug: "enum-zero-unknown",
  set: "recommended",
  severity: "warning",
  options: { names: ["UNKNOWN", "UNSPECIFIED", "NONE", "UNDEFINED", "UNSET"] },
  why: "A field that was not sent reads as the zero of its enum. If that is a real value, such as RED, nobody can tell it from nothing.",
  bad: `package shop;
enum Color {
  RED = 0;
  GREEN = 1;
}
`,
  good: `package shop;
enum Color {
  UNKNOWN = 0;
  RED = 1;
  GREEN = 2;
}
`,
  check(program, report, options) {
    for (const { node, meaning } of program.members) {
      if (meaning.number !== 0 || options.names.some((name) => `_${meaning.name}_`.includes(`_${name}_`))) continue;
      report(node.name.span, `The zero of the enum is "${meaning.name}", which a field that was not sent has too.`, { help: `give 0 to ${options.names.slice(0, 3).map((name) => `\`${name}\``).join(" or ")}` });
    }
  },
});
