/** A constant that nothing uses. */
import type { LintProgram } from "../program.js";
import { referencesIn } from "../references.js";
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const constantUnused = rule({
  slug: "constant-unused",
  set: "strict",
  severity: "info",
  why: "Generated code exports it, so it may be meant for programs; then a comment that says so, or a waiver, keeps it.",
  bad: `package shop;
const LIMIT: u32 = 3;
alias Id = u32;
`,
  good: `package shop;
const LIMIT: u32 = 3;
message M {
  @max(LIMIT) count: u32 = 1;
}
`,
  check(program, report) {
    for (const subject of declarationsOfKind(program, "const")) {
      const { node, meaning, file } = subject;
      if (node.doc !== undefined || referencesIn(program).valuesCalled(meaning.name).some(({ span }) => sees(program, span.file, file.source.path))) continue;
      report(node.name.span, `Nothing uses the constant "${meaning.name}".`, { help: "take it out, or say in a comment who does" });
    }
  },
});

/** Whether a file has what another declares: it is the same, or imports it. */
function sees({ files }: LintProgram, from: string, to: string): boolean {
  return from === to || files.some(({ source, schema }) => source.path === from && schema.imports.some(({ path }) => path === to));
}
