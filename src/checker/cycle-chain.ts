/** How a cycle is told: a chain of names, and the places along it, both cut where the cycle is long. */
import type { RelatedPlace } from "../diagnostics/diagnostic.js";
import type { Span } from "../text/span.js";

const shownSteps = 8;

/** `a -> b -> a`, where the names end with the one that they began with. */
export function showChain(names: readonly string[]): string {
  if (names.length <= shownSteps) return names.join(" -> ");
  const left = names.length - shownSteps;
  return [...names.slice(0, shownSteps - 1), `… ${left} more …`, ...names.slice(-1)].join(" -> ");
}

/** The places after the first, which is that of the finding itself. */
export function placesAlong(spans: readonly Span[], message: string): RelatedPlace[] {
  return spans.slice(1, shownSteps).map((span) => ({ message, span }));
}
