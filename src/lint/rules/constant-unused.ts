/** A constant that nothing uses. */
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
    for (const { node, meaning } of declarationsOfKind(program, "const")) {
      if (node.doc !== undefined || program.files.some(({ source }) => mentions(source.text, meaning.name, source.path === node.span.file ? 2 : 1))) continue;
      report(node.name.span, `Nothing uses the constant "${meaning.name}".`, { help: "take it out, or say in a comment who does" });
    }
  },
});

/** Whether a name stands in a text so many times; its declaration is one. */
function mentions(text: string, name: string, times: number): boolean {
  return [...text.matchAll(new RegExp(`\\b${name}\\b`, "g"))].length >= times;
}
