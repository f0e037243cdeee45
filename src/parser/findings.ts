/** The syntax findings of one file: bounded in number, and never two of them for one mistake. */
import type { ArgsOf, Code } from "../diagnostics/catalog.js";
import { diagnostic, type ReportExtras } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Span } from "../text/span.js";

/** So many findings of one file are shown; a last one says that there are more. */
export const FINDING_LIMIT = 100;

export class Findings {
  readonly #found: Diagnostic[] = [];
  readonly #places = new Set<string>();

  /** Whether more would not be shown: the signal to stop looking. */
  get full(): boolean {
    return this.#found.length > FINDING_LIMIT;
  }

  get count(): number {
    return this.#found.length;
  }

  report<C extends Code>(code: C, span: Span, args: ArgsOf<C>, extras?: ReportExtras): void {
    if (!this.full) this.#found.push(diagnostic(code, span, args, extras));
  }

  /** As `report`, but the first finding at a place of the code is the only one there. */
  reportOnce<C extends Code>(place: string, code: C, span: Span, args: ArgsOf<C>, extras?: ReportExtras): void {
    if (this.full || this.#places.has(place)) return;
    this.#places.add(place);
    this.report(code, span, args, extras);
  }

  /** In the order of the text, `other` among them, cut to the limit. */
  mergedWith(other: Findings): Diagnostic[] {
    const all = [...this.#found, ...other.#found].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
    if (all.length <= FINDING_LIMIT) return all;
    const last = all[FINDING_LIMIT];
    return [...all.slice(0, FINDING_LIMIT), diagnostic("RPC1112", last?.span, { limit: FINDING_LIMIT })];
  }
}
