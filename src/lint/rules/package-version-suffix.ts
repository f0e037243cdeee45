/** The last part of a package is a version. */
import { rule } from "../rule.js";

export const packageVersionSuffix = rule({
  slug: "package-version-suffix",
  set: "optional",
  severity: "warning",
  why: "A version in the name lets the next one stand beside it: one server serves `orders.v1` and `orders.v2`.",
  bad: `package shop.orders;
alias Id = u32;
`,
  good: `package shop.orders.v1;
alias Id = u32;
`,
  check(program, report) {
    for (const { node } of program.files) {
      for (const { name } of node.packages) {
        if (!/\.v[1-9][0-9]*(?:(?:alpha|beta|test)[0-9]*)?$/.test(name.text)) report(name.span, `The package "${name.text}" has no version.`, { help: `such as \`${name.text}.v1\`` });
      }
    }
  },
});
