/** Checks `@pattern`: a regular expression, of the part that every language has, whose cost is bounded. */
import type { Collector } from "../diagnostics/collector.js";
import type { Span } from "../text/span.js";
import { findAmbiguity, findRestarts, TooComplex } from "./pattern-ambiguity.js";
import { buildAutomaton } from "./pattern-automaton.js";
import { readPattern, UnsupportedPattern } from "./pattern-syntax.js";

const lengthLimit = 1000;

/** Why a pattern cannot be used; the text of each is the end of a sentence. */
type Fault = { readonly kind: "invalid" | "unsupported" | "slow"; readonly text: string };

export class PatternChecker {
  readonly #found: Collector;
  /** By pattern: its fault, if any. Schemas say the same pattern many times, and a verdict takes about a millisecond. */
  readonly #verdicts = new Map<string, Fault | undefined>();

  constructor(found: Collector) {
    this.#found = found;
  }

  /** Whether a pattern can be used; why it cannot is reported. */
  check(pattern: string, span: Span): boolean {
    if (!this.#verdicts.has(pattern)) this.#verdicts.set(pattern, faultOf(pattern));
    const fault = this.#verdicts.get(pattern);
    const shown = JSON.stringify(pattern.length > 60 ? `${pattern.slice(0, 57)}…` : pattern);
    switch (fault?.kind) {
      case "invalid":
        this.#found.report("RPC2111", span, { pattern: shown, reason: fault.text });
        break;
      case "unsupported":
        this.#found.report("RPC2113", span, { pattern: shown, feature: fault.text });
        break;
      case "slow":
        this.#found.report("RPC2112", span, { pattern: shown, reason: fault.text });
        break;
    }
    return fault === undefined;
  }
}

function faultOf(pattern: string): Fault | undefined {
  if (pattern.length > lengthLimit) return { kind: "invalid", text: `it has more than ${lengthLimit} characters` };
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    // "Invalid regular expression: /[a/u: Unterminated character class"
    const message = error instanceof Error ? error.message : "";
    return { kind: "invalid", text: message.slice(message.lastIndexOf(": ") + 2).toLowerCase() };
  }
  try {
    const read = readPattern(pattern);
    const reason = findAmbiguity(buildAutomaton(read)) ?? findRestarts(read);
    return reason === undefined ? undefined : { kind: "slow", text: reason };
  } catch (error) {
    if (error instanceof UnsupportedPattern) return { kind: "unsupported", text: error.message };
    if (error instanceof TooComplex) return { kind: "slow", text: "it is too complex to prove otherwise" };
    throw error;
  }
}
