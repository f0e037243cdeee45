/** The folder of a file is called as the last part of its package. */
import { rule } from "../rule.js";

export const packageMatchesDirectory = rule({
  slug: "package-matches-directory",
  set: "strict",
  severity: "warning",
  why: "Who reads an import then knows the package, and the other way round.",
  bad: `// idl/billing/orders.idl:
package shop.orders;
alias Id = u32;
`,
  good: `// idl/orders/orders.idl:
package shop.orders;
alias Id = u32;
`,
  check(program, report) {
    for (const { source, node } of program.files) {
      const [written] = node.packages;
      const folder = source.path.split("/").at(-2);
      if (written === undefined || folder === undefined || folder === "..") continue;
      const parts = written.name.parts.map(({ text }) => text);
      if (!parts.includes(folder)) report(written.name.span, `The file stands in "${folder}", which is no part of the package "${written.name.text}".`, { help: "move the file" });
    }
  },
});
