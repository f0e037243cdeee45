/** Rules that ask for documentation: which things, and what it should say. */
import type { NamedSubject } from "./program.js";
import { nameOfKind } from "./naming.js";
import { rule, type LintRule } from "./rule.js";

export interface DocumentationRule extends Pick<LintRule, "slug" | "why" | "bad" | "good"> {
  readonly kinds: readonly NamedSubject["kind"][];
  /** What the comment should say: "says what it is for". */
  readonly says: string;
}

export function documentationRule({ kinds, says, ...definition }: DocumentationRule): LintRule {
  return rule({
    ...definition,
    set: "docs",
    severity: "warning",
    check(program, report) {
      for (const { kind, node } of program.named) {
        if (!kinds.includes(kind) || (node.doc?.text.trim() ?? "") !== "") continue;
        report(node.name.span, `The ${nameOfKind(kind)} "${node.name.text}" has no documentation.`, { help: `a line of \`///\` above it that ${says}` });
      }
    },
  });
}
