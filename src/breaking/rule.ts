/** What a rule of `breaking` is: a row of the table in rules.ts. */
import type { Severity } from "../diagnostics/diagnostic.js";
import type { Span } from "../text/span.js";
import type { Delta } from "./delta.js";
import type { Affected } from "./usage.js";

/** What a change breaks: bytes and names on the wire, code that was written against the generated one, a promise, or the package. */
export type Category = "wire" | "source" | "promise" | "package";

/** What semantic versioning asks for. */
export type Step = "major" | "minor" | "patch";

export interface Change {
  /** In the new schema; where something is gone, what it was part of. */
  readonly span: Span | undefined;
  readonly message: string;
  readonly help?: string;
  /** Where it was, in the old schema. */
  readonly was?: Span;
  readonly affects?: readonly Affected[];
  /** In which order to deploy so that nothing breaks, where there is one. */
  readonly order?: string;
}

export interface BreakingRule {
  readonly slug: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly step: Step;
  readonly why: string;
  /** A schema, a change of it that is found, and one that is like it and is not. */
  readonly before: string;
  readonly after: string;
  readonly near: string;
  readonly check: (delta: Delta, report: (change: Change) => void) => void;
}
