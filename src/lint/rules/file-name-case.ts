/** Files are called in kebab-case. */
import { rule } from "../rule.js";
import { kebabCase } from "../words.js";

export const fileNameCase = rule({
  slug: "file-name-case",
  set: "recommended",
  severity: "warning",
  why: "Generated files are called as their source, and kebab-case survives file systems that fold letter case.",
  bad: `// OrderItems.idl:
package shop;
alias Id = u32;
`,
  good: `// order-items.idl:
package shop;
alias Id = u32;
`,
  check(program, report) {
    for (const { source, node } of program.files) {
      const name = source.path.slice(source.path.lastIndexOf("/") + 1).replace(/\.idl$/, "");
      const place = node.packages[0]?.span;
      if (place !== undefined && !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name)) report(place, `The file "${name}" is not called in kebab-case.`, { help: `call it \`${kebabCase(name)}.idl\`` });
    }
  },
});
