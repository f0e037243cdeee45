/** The syntax findings of one file: bounded in number, and never two of them for one mistake. */
import type { ArgsOf, Code } from "../diagnostics/catalog.js";
import { diagnostic, type ReportExtras } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Span } from "../text/span.js";

/** So many mistakes of one file are shown; a last one says that there are more. As many warnings are, and no others. */
const FINDING_LIMIT = 100;

export class Findings {
  readonly #mistakes: Diagnostic[] = [];
  readonly #warnings: Diagnostic[] = [];
  readonly #places = new Set<string>();

  /** Whether more mistakes would not be shown: the signal to stop looking. */
  get full(): boolean {
    return this.#mistakes.length > FINDING_LIMIT;
  }

  get count(): number {
    return this.#mistakes.length + this.#warnings.length;
  }

  report<C extends Code>(code: C, span: Span, args: ArgsOf<C>, extras?: ReportExtras): void {
    const found = diagnostic(code, span, args, extras);
    const its = found.severity === "error" ? this.#mistakes : this.#warnings;
    if (its.length <= FINDING_LIMIT) its.push(found);
  }

  /** As `report`, but the first finding at a place of the code is the only one there. */
  reportOnce<C extends Code>(place: string, code: C, span: Span, args: ArgsOf<C>, extras?: ReportExtras): void {
    if (this.full || this.#places.has(place)) return;
    this.#places.add(place);
    this.report(code, span, args, extras);
  }

  /** In the order of the text, `other` among them, cut to the limit. */
  mergedWith(other: Findings): Diagnostic[] {
    const mistakes = [...this.#mistakes, ...other.#mistakes].sort(byPlace);
    const warnings = [...this.#warnings, ...other.#warnings].sort(byPlace).slice(0, FINDING_LIMIT);
    const last = mistakes[FINDING_LIMIT];
    const more = last === undefined ? [] : [diagnostic("RPC1112", last.span, { limit: FINDING_LIMIT })];
    return [...[...mistakes.slice(0, FINDING_LIMIT), ...warnings].sort(byPlace), ...more];
  }
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.span?.start ?? 0) - (b.span?.start ?? 0);
}
