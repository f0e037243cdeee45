/** Compares a schema with an older one, and says what breaks, for whom, and what version that makes. */
import type { Diagnostic, Properties } from "../diagnostics/diagnostic.js";
import { canonicalJson } from "../ir/canonical-json.js";
import type { Schema } from "../ir/schema.js";
import type { Span } from "../text/span.js";
import { Delta } from "./delta.js";
import type { BreakingRule, Change, Step } from "./rule.js";
import { breakingRules } from "./rules.js";
import { severityOf, type BreakingConfig } from "./settings.js";

export interface Comparison {
  readonly diagnostics: readonly Diagnostic[];
  /** The step that the next version takes; absent where nothing has changed. */
  readonly semver?: Step;
}

const STEPS: readonly Step[] = ["patch", "minor", "major"];

/** `oldFile` is what the findings call a file of the older schema, which may have the path of a new one. */
export function breaking(before: Schema, after: Schema, config: BreakingConfig, oldFile: (path: string) => string): Comparison {
  const delta = new Delta(before, after);
  const diagnostics: Diagnostic[] = [];
  let step = 0;
  for (const [code, rule] of Object.entries(breakingRules)) {
    const severity = severityOf(config, rule);
    if (severity === "off") continue;
    const seen = new Set<string>();
    rule.check(delta, (change) => {
      // One declaration may be reached in several ways.
      const key = `${change.message} ${change.span?.file ?? ""} ${change.span?.start ?? ""}`;
      if (seen.has(key)) return;
      seen.add(key);
      step = Math.max(step, STEPS.indexOf(rule.step) + 1);
      diagnostics.push({ code, severity, message: change.message, ...placed(change, oldFile), ...(change.help !== undefined && { help: change.help }), properties: propertiesOf(rule, change) });
    });
  }
  if (step === 0 && textOf(before) !== textOf(after)) step = 1;
  const semver = STEPS[step - 1];
  return { diagnostics, ...(semver !== undefined && { semver }) };
}

/** What is gone stands where it was. */
function placed({ span, was }: Change, oldFile: (path: string) => string): Pick<Diagnostic, "span" | "related"> {
  const old: Span | undefined = was === undefined ? undefined : { ...was, file: oldFile(was.file) };
  if (span === undefined) return old === undefined ? {} : { span: old };
  return { span, ...(old !== undefined && { related: [{ message: "what it was", span: old }] }) };
}

function propertiesOf({ category, step }: BreakingRule, { affects = [], order }: Change): Properties {
  return { category, ...(affects.length > 0 && { affects }), ...(order !== undefined && { order }), semver: step };
}

function textOf(schema: Schema): string {
  return canonicalJson(schema);
}
