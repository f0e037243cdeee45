/** What a configuration says of changes. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { Severity } from "../diagnostics/diagnostic.js";
import { shownValue, type SettingProblem } from "../diagnostics/setting-problem.js";
import type { BreakingRule, Category } from "./rule.js";

export interface BreakingConfig {
  /** What is looked at. Default: all four. */
  readonly categories?: readonly Category[];
  /** By the name of the rule. */
  readonly rules?: Readonly<Record<string, Severity | "off">>;
}

const CATEGORIES: readonly Category[] = ["wire", "source", "promise", "package"];
const SEVERITIES: readonly unknown[] = ["off", "info", "warning", "error"];

export function severityOf({ categories = CATEGORIES, rules = {} }: BreakingConfig, { slug, category, severity }: BreakingRule): Severity | "off" {
  return categories.includes(category) ? (rules[slug] ?? severity) : "off";
}

/** What is wrong with a configuration. It may come from a file that nothing has checked. */
export function problemsOf(config: BreakingConfig, rules: readonly BreakingRule[]): SettingProblem[] {
  const at = (...keys: SettingProblem["at"]) => ["breaking", ...keys];
  if (!isRecord(config)) return [{ at: at(), reason: '"breaking" is not an object' }];
  const { categories = [], rules: settings = {}, ...others } = config;
  const problems: SettingProblem[] = Object.keys(others).map((key) => {
    const meant = didYouMean(closest(key, ["categories", "rules"]));
    return { at: at(key), reason: `"breaking.${key}" is no setting; there are categories and rules`, help: meant };
  });
  if (!Array.isArray(categories)) problems.push({ at: at("categories"), reason: '"breaking.categories" is not a list' });
  else {
    for (const [index, each] of (categories as unknown[]).entries()) {
      if (!CATEGORIES.some((known) => known === each)) problems.push({ at: at("categories", index), reason: `there is no category ${shownValue(each)}; there are ${CATEGORIES.join(", ")}` });
    }
  }
  if (!isRecord(settings)) return [...problems, { at: at("rules"), reason: '"breaking.rules" is not an object' }];
  const slugs = rules.map(({ slug }) => slug);
  for (const [slug, severity] of Object.entries(settings)) {
    if (!slugs.includes(slug)) problems.push({ at: at("rules", slug), reason: `there is no rule "${slug}"`, help: didYouMean(closest(slug, slugs)) });
    if (!SEVERITIES.includes(severity)) problems.push({ at: at("rules", slug), reason: `the rule "${slug}" is set to ${shownValue(severity)}; it may be ${SEVERITIES.join(", ")}` });
  }
  return problems;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
