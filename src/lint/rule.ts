/** What a rule is: a row of the table in rules.ts. */
import type { RelatedPlace, Severity, TextEdit } from "../diagnostics/diagnostic.js";
import type { Span } from "../text/span.js";
import type { LintProgram } from "./program.js";

/** `recommended` is on by itself; `strict` adds what costs work, `docs` what is to be written; of the others each is switched on. */
export type RuleSet = "recommended" | "strict" | "docs" | "optional";

export type OptionValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;
export type RuleOptions = Readonly<Record<string, OptionValue>>;

export interface ReportDetails {
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
  readonly fix?: readonly TextEdit[] | undefined;
}

export type Report = (span: Span, message: string, details?: ReportDetails) => void;

export interface LintRule<Options extends RuleOptions = RuleOptions> {
  /** What configurations and waivers call it. */
  readonly slug: string;
  readonly set: RuleSet;
  readonly severity: Severity;
  /** Whether findings have fixes, if not all of them. */
  readonly fixable?: true;
  /** Every option with its default. */
  readonly options?: Options;
  readonly why: string;
  /** The smallest input that has the finding, and the same mended. Several files stand behind `// name.idl:` lines. */
  readonly bad: string;
  readonly good: string;
  /** Options that the examples are meant for, where they are not the defaults. */
  readonly exampleOptions?: Partial<Options>;
  /** Absent where the engine itself reports it. */
  readonly check?: (program: LintProgram, report: Report, options: Options) => void;
}

export function rule<Options extends RuleOptions = Readonly<Record<never, never>>>(definition: LintRule<Options>): LintRule {
  // The options that a rule gets are checked against its defaults, so they have their types.
  return definition as unknown as LintRule;
}
