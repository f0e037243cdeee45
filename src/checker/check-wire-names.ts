/** Refuses two declarations of a program that are one on the wire. */
import type { Collector } from "../diagnostics/collector.js";
import type { Span } from "../text/span.js";

export interface WireName {
  readonly fullName: string;
  readonly wireName: string;
  /** Where it is given, or else where the declaration is named. */
  readonly span: Span;
}

/** The names in the order of the program: of two that clash the later one is reported. */
export function checkWireNames(names: Iterable<WireName>, found: Collector): void {
  const first = new Map<string, WireName>();
  for (const name of names) {
    const other = first.get(name.wireName);
    if (other === undefined) first.set(name.wireName, name);
    else if (other.fullName !== name.fullName) {
      const related = [{ message: "the other is here", span: other.span }];
      const args = { wireName: name.wireName, name: name.fullName, other: other.fullName };
      found.report("RPC2029", name.span, args, { related });
    }
  }
}
