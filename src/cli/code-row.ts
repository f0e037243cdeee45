/** What is told of a code, whichever stage or tool reports it. */
import type { BreakingRule } from "../breaking/rule.js";
import type { Definition } from "../diagnostics/define.js";

/** Of what is wrong in a text; without its arguments' type, which telling of it does not need. */
type MistakeRow = Pick<Definition<never>, "slug" | "severity" | "why" | "bad" | "good">;
/** Of what is wrong between two. */
type ChangeRow = Pick<BreakingRule, "slug" | "category" | "severity" | "step" | "why" | "before" | "after" | "near">;
export type CodeRow = MistakeRow | ChangeRow;

export interface Sample {
  readonly name: "bad" | "good" | "before" | "after" | "near";
  readonly says: string;
  readonly text: string;
}

/** How grave it is, in a few words, and for machines. */
export function gravityOf(row: CodeRow): { readonly says: string; readonly json: Readonly<Record<string, string>> } {
  const { severity } = row;
  if ("bad" in row) return { says: severity, json: { severity } };
  const { category, step } = row;
  return { says: `${severity}; breaks ${category === "source" ? "source" : `the ${category}`}; a ${step} version`, json: { severity, category, semver: step } };
}

export function samplesOf(row: CodeRow): readonly Sample[] {
  if ("bad" in row) {
    return [
      { name: "bad", says: "Instead of", text: row.bad },
      { name: "good", says: "write", text: row.good },
    ];
  }
  return [
    { name: "before", says: "Where this was", text: row.before },
    { name: "after", says: "and is this now, it is found", text: row.after },
    { name: "near", says: "where it is this now, it is not", text: row.near },
  ];
}
