/** Rules about how names are written: which things, and what each should be called. */
import { renaming } from "./rename.js";
import { rule, type LintRule } from "./rule.js";
import type { NamedSubject } from "./program.js";

const WORDS: Readonly<Record<NamedSubject["kind"], string>> = {
  const: "constant",
  alias: "alias",
  enum: "enum",
  struct: "struct",
  message: "message",
  union: "union",
  error: "error",
  service: "service",
  annotation: "annotation",
  method: "method",
  field: "field",
  structField: "field",
  unionMember: "union member",
  parameter: "parameter",
  enumMember: "enum member",
};

export interface NamingRule extends Pick<LintRule, "slug" | "why" | "bad" | "good"> {
  readonly set?: LintRule["set"];
  readonly kinds: readonly NamedSubject["kind"][];
  /** What a name should be; the name itself where it is right. */
  readonly better: (name: string, subject: NamedSubject) => string;
  /** The end of the sentence: "is not in PascalCase". */
  readonly fault: string;
}

/** A rule whose findings are mended by the better name, wherever the program says the old one. */
export function namingRule({ kinds, better, fault, set = "recommended", ...definition }: NamingRule): LintRule {
  return rule({
    ...definition,
    set,
    severity: "warning",
    fixable: true,
    check(program, report) {
      for (const subject of program.named) {
        if (!kinds.includes(subject.kind)) continue;
        const name = subject.node.name.text;
        const to = better(name, subject);
        if (to === name || to === "") continue;
        report(subject.node.name.span, `The ${nameOfKind(subject.kind)} "${name}" ${fault}.`, renaming(program, subject, to));
      }
    },
  });
}

export function nameOfKind(kind: NamedSubject["kind"]): string {
  return WORDS[kind];
}
