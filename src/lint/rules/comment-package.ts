/** A file says what it is about. */
import { rule } from "../rule.js";

export const commentPackage = rule({
  slug: "comment-package",
  set: "docs",
  severity: "warning",
  why: "The comment above `package` heads the generated files.",
  bad: `package shop;
alias Id = u32;
`,
  good: `/// Ids of everything.
package shop;
alias Id = u32;
`,
  check(program, report) {
    for (const { node } of program.files) {
      const [written] = node.packages;
      if (written !== undefined && node.doc === undefined) report(written.name.span, "The file has no documentation.", { help: "a line of `///` above `package`" });
    }
  },
});
