/** Checks `@pattern`: a regular expression, of the part that every language has, whose cost is bounded. */
import type { Collector } from "../diagnostics/collector.js";
import type { Span } from "../text/span.js";
import { findAmbiguity, TooComplex } from "./pattern-ambiguity.js";
import { buildAutomaton } from "./pattern-automaton.js";
import { readPattern, UnsupportedPattern } from "./pattern-syntax.js";

const lengthLimit = 1000;

/** Whether a pattern can be used; why it cannot is reported. */
export function checkPattern(pattern: string, span: Span, found: Collector): boolean {
  const shown = JSON.stringify(pattern.length > 60 ? `${pattern.slice(0, 57)}…` : pattern);
  if (pattern.length > lengthLimit) {
    found.report("RPC2111", span, { pattern: shown, reason: `it has more than ${lengthLimit} characters` });
    return false;
  }
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(error.message.lastIndexOf(": ") + 2).toLowerCase() : "it cannot be read";
    found.report("RPC2111", span, { pattern: shown, reason });
    return false;
  }
  try {
    const reason = findAmbiguity(buildAutomaton(readPattern(pattern)));
    if (reason === undefined) return true;
    found.report("RPC2112", span, { pattern: shown, reason });
  } catch (error) {
    if (error instanceof UnsupportedPattern) found.report("RPC2113", span, { pattern: shown, feature: error.message });
    else if (error instanceof TooComplex) found.report("RPC2112", span, { pattern: shown, reason: "it is too complex to prove otherwise" });
    else throw error;
  }
  return false;
}
