/** The files of one package stand in one folder. */
import { rule } from "../rule.js";

export const packageOneDirectory = rule({
  slug: "package-one-directory",
  set: "strict",
  severity: "warning",
  why: "Whoever looks for a declaration of a package looks in one place.",
  bad: `// a/x.idl:
package shop.orders;
alias A = u32;
// b/y.idl:
package shop.orders;
alias B = u32;
`,
  good: `// a/x.idl:
package shop.orders;
alias A = u32;
// a/y.idl:
package shop.orders;
alias B = u32;
`,
  check(program, report) {
    const first = new Map<string, string>();
    for (const { source, node, schema } of program.files) {
      const folder = source.path.slice(0, source.path.lastIndexOf("/") + 1);
      const other = first.get(schema.package) ?? folder;
      first.set(schema.package, other);
      const [written] = node.packages;
      if (other !== folder && written !== undefined) report(written.name.span, `Other files of the package "${schema.package}" stand in "${other}".`, { help: "move this one there" });
    }
  },
});
