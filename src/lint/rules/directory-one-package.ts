/** The files of one folder have one package. */
import type { LintedFile } from "../program.js";
import { rule } from "../rule.js";

export const directoryOnePackage = rule({
  slug: "directory-one-package",
  set: "strict",
  severity: "warning",
  why: "A folder that mixes packages hides which files belong together.",
  bad: `// idl/a.idl:
package shop.orders;
alias A = u32;
// idl/b.idl:
package shop.billing;
alias B = u32;
`,
  good: `// idl/a.idl:
package shop.orders;
alias A = u32;
// idl/b.idl:
package shop.orders;
alias B = u32;
`,
  check(program, report) {
    const first = new Map<string, LintedFile>();
    for (const file of program.files) {
      const folder = folderOf(file);
      const other = first.get(folder);
      if (other === undefined) first.set(folder, file);
      const [written] = file.node.packages;
      if (other === undefined || written === undefined || other.schema.package === file.schema.package) continue;
      report(written.name.span, `"${other.source.path}" beside it has the package "${other.schema.package}".`, { help: "move one of them" });
    }
  },
});

function folderOf({ source }: LintedFile): string {
  return source.path.slice(0, source.path.lastIndexOf("/") + 1);
}
