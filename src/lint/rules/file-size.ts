/** A file has not too many declarations. */
import { rule } from "../rule.js";

export const fileSize = rule<{ max: number }>({
  slug: "file-size",
  set: "strict",
  severity: "warning",
  options: { max: 100 },
  why: "A file is the unit that is imported, generated and reviewed.",
  bad: `package shop;
alias A = u8;
alias B = u8;
alias C = u8;
`,
  good: `package shop;
alias A = u8;
alias B = u8;
`,
  exampleOptions: { max: 2 },
  check(program, report, options) {
    for (const { node } of program.files) {
      const tooMany = node.declarations[options.max];
      if (tooMany !== undefined) report(tooMany.name.span, `The file has ${node.declarations.length} declarations, where ${options.max} are enough.`, { help: "split it: several files may share a package" });
    }
  },
});
