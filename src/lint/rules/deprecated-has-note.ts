/** What is deprecated says what to use instead. */
import { rule } from "../rule.js";

export const deprecatedHasNote = rule({
  slug: "deprecated-has-note",
  set: "recommended",
  severity: "warning",
  why: "An editor shows the note where the old thing is used.",
  bad: `package shop;
message Order {
  @deprecated note: string = 1;
}
`,
  good: `package shop;
message Order {
  @deprecated("use \`remarks\`") note: string = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.named) {
      if (meaning.deprecated === "") report(node.name.span, `"${node.name.text}" is deprecated without a word on what to use instead.`, { help: 'such as `@deprecated("use `remarks`")`' });
    }
  },
});
