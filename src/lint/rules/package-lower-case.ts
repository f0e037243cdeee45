/** Packages are lower case words between dots. */
import { rule } from "../rule.js";

export const packageLowerCase = rule({
  slug: "package-lower-case",
  set: "recommended",
  severity: "warning",
  why: "A package becomes a part of paths and addresses, where letter case gets lost. Changing it changes every name on the wire, so there is no fix.",
  bad: `package Shop.OrderItems;
alias Id = u32;
`,
  good: `package shop.orderitems;
alias Id = u32;
`,
  check(program, report) {
    for (const { node } of program.files) {
      for (const { name } of node.packages) {
        if (!/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/.test(name.text)) report(name.span, `The package "${name.text}" is not in lower case.`, { help: `call it \`${name.text.toLowerCase()}\` before anyone uses it` });
      }
    }
  },
});
