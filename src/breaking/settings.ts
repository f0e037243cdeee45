/** What a configuration says of changes. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { Severity } from "../diagnostics/diagnostic.js";
import type { BreakingRule, Category } from "./rule.js";

export interface BreakingConfig {
  /** What is looked at. Default: all four. */
  readonly categories?: readonly Category[];
  /** By the name of the rule. */
  readonly rules?: Readonly<Record<string, Severity | "off">>;
}

export const CATEGORIES: readonly Category[] = ["wire", "source", "promise", "package"];
const SEVERITIES: readonly unknown[] = ["off", "info", "warning", "error"];

export function severityOf({ categories = CATEGORIES, rules = {} }: BreakingConfig, { slug, category, severity }: BreakingRule): Severity | "off" {
  return categories.includes(category) ? (rules[slug] ?? severity) : "off";
}

/** What is wrong with a configuration, each as a sentence without its end. It may come from a file that nothing has checked. */
export function problemsOf(config: BreakingConfig, rules: readonly BreakingRule[]): string[] {
  if (!isRecord(config)) return ['"breaking" is not an object'];
  const { categories = [], rules: settings = {}, ...others } = config;
  const problems = Object.keys(others).map((key) => `"breaking.${key}" is no setting; there are categories and rules`);
  if (!Array.isArray(categories)) problems.push('"breaking.categories" is not a list');
  else for (const each of categories as unknown[]) if (!CATEGORIES.some((known) => known === each)) problems.push(`there is no category "${String(each)}"; there are ${CATEGORIES.join(", ")}`);
  if (!isRecord(settings)) return [...problems, '"breaking.rules" is not an object'];
  const slugs = rules.map(({ slug }) => slug);
  for (const [slug, severity] of Object.entries(settings)) {
    const meant = didYouMean(closest(slug, slugs));
    if (!slugs.includes(slug)) problems.push(`there is no rule "${slug}"${meant === undefined ? "" : `; ${meant}`}`);
    if (!SEVERITIES.includes(severity)) problems.push(`the rule "${slug}" is set to ${JSON.stringify(severity)}; it may be ${SEVERITIES.join(", ")}`);
  }
  return problems;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
