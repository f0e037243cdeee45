/** Runs the rules over a program, and takes away what is waived. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { Span } from "../text/span.js";
import type { LintProgram } from "./program.js";
import type { LintRule, ReportDetails } from "./rule.js";
import { lintRules } from "./rules.js";
import { waiverReason } from "./rules/waiver-reason.js";
import { waiverUnknownRule } from "./rules/waiver-unknown-rule.js";
import { waiverUnused } from "./rules/waiver-unused.js";
import type { LintSettings } from "./settings.js";
import { lowerBound, waiversIn, type Waiver } from "./waivers.js";

export interface LintOptions {
  readonly settings: LintSettings;
  /** How settings call a file: its path from the folder of the configuration. */
  readonly pathOf: (path: string) => string;
}

/** Only what stands in the files that were asked for. */
export function lint(program: LintProgram, options: LintOptions): Diagnostic[] {
  return new Linter(program, options).run();
}

const entries = Object.entries(lintRules);

class Linter {
  readonly #program: LintProgram;
  readonly #options: LintOptions;
  readonly #found = new Set<Diagnostic>();
  /** Those of one rule in one file, by their places: made when a waiver first asks. */
  readonly #ordered = new Map<string, readonly (Diagnostic & { readonly span: Span })[]>();
  readonly #roots: ReadonlySet<string>;

  constructor(program: LintProgram, options: LintOptions) {
    this.#program = program;
    this.#options = options;
    this.#roots = new Set(program.files.filter(({ isRoot }) => isRoot).map(({ source }) => source.path));
  }

  run(): Diagnostic[] {
    const { settings } = this.#options;
    for (const [code, rule] of entries) {
      if (!this.#isOnSomewhere(rule)) continue;
      rule.check?.(this.#program, (span, message, details) => this.#report(code, rule, span, message, details), settings.optionsOf(rule));
    }
    for (const file of this.#program.files) if (file.isRoot) this.#waive(waiversIn(this.#program, file));
    return [...this.#found];
  }

  #isOnSomewhere(rule: LintRule): boolean {
    return [...this.#roots].some((path) => this.#severity(rule, path) !== "off");
  }

  #severity(rule: LintRule, path: string) {
    return this.#options.settings.severityOf(rule, this.#options.pathOf(path));
  }

  #report(code: string, rule: LintRule, span: Span, message: string, { help, related, fix }: ReportDetails = {}): void {
    if (!this.#roots.has(span.file)) return;
    const severity = this.#severity(rule, span.file);
    if (severity === "off") return;
    this.#ordered.delete(`${code} ${span.file}`);
    this.#found.add({
      code,
      severity,
      message,
      span,
      ...(help !== undefined && { help }),
      ...(related !== undefined && related.length > 0 && { related }),
      ...(fix !== undefined && { fix }),
    });
  }

  /** A waiver without a reason waives nothing. */
  #waive(waivers: readonly Waiver[]): void {
    for (const waiver of waivers) {
      const { comment, slugs, reason } = waiver;
      if (reason === "" || slugs.length === 0) {
        const message = slugs.length === 0 ? "This waiver names no rule." : "This waiver gives no reason.";
        this.#reportBy(waiverReason, comment.span, message, { help: "write `// lint-ignore RULE: reason`" });
        continue;
      }
      const idle = slugs.filter(({ slug, span }) => !this.#knows(slug, span) || !this.#covers(waiver, slug));
      for (const { slug, span } of idle) {
        if (this.#codeOf(slug) === undefined) continue;
        const fix = [{ span: idle.length === slugs.length ? comment.span : span, text: "" }];
        this.#reportBy(waiverUnused, span, `There is no finding of "${slug}" here to waive.`, {
          help: "take it out",
          ...(slugs.length === 1 && { fix }),
        });
      }
    }
  }

  #knows(slug: string, span: Span): boolean {
    if (this.#codeOf(slug) !== undefined) return true;
    const help = didYouMean(closest(slug, entries.map(([, rule]) => rule.slug))) ?? "`rpcgen explain` lists all rules";
    this.#reportBy(waiverUnknownRule, span, `There is no rule "${slug}".`, { help });
    return false;
  }

  /** Takes out the findings that a waiver covers, and says whether there were any. */
  #covers({ comment, start, end }: Waiver, slug: string): boolean {
    const ordered = this.#orderedOf(this.#codeOf(slug), comment.span.file);
    const before = this.#found.size;
    for (let at = lowerBound(ordered, start, placeOf); at < ordered.length; at++) {
      const found = ordered[at];
      if (found === undefined || placeOf(found) >= end) break;
      this.#found.delete(found);
    }
    return this.#found.size < before;
  }

  #orderedOf(code: string | undefined, file: string) {
    const key = `${code} ${file}`;
    const ordered = this.#ordered.get(key) ?? [...this.#found].filter((found): found is Diagnostic & { readonly span: Span } => found.code === code && found.span?.file === file).sort((a, b) => placeOf(a) - placeOf(b));
    this.#ordered.set(key, ordered);
    return ordered;
  }

  #codeOf(slug: string): string | undefined {
    return entries.find(([, rule]) => rule.slug === slug)?.[0];
  }

  #reportBy(rule: LintRule, span: Span, message: string, details: ReportDetails): void {
    this.#report(this.#codeOf(rule.slug) ?? "", rule, span, message, details);
  }
}

function placeOf({ span }: { readonly span: Span }): number {
  return span.start;
}
