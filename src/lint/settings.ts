/** What a configuration says of the rules: which are on, how severe each is, and with which options. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { Severity } from "../diagnostics/diagnostic.js";
import { shownValue, type SettingProblem } from "../diagnostics/setting-problem.js";
import { matchesGlob } from "./glob.js";
import type { LintRule, OptionValue, RuleOptions, RuleSet } from "./rule.js";

export type RuleSeverity = Severity | "off";
export type RuleSetting = RuleSeverity | readonly [severity: RuleSeverity, options: RuleOptions];

export interface LintConfig {
  /** The sets that are on. Default: `["recommended"]`. */
  readonly sets?: readonly Exclude<RuleSet, "optional">[];
  /** By the name of the rule. */
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  /** For some files, the last that matches counts. Patterns start from the folder of the configuration. */
  readonly overrides?: readonly { readonly files: readonly string[]; readonly rules: Readonly<Record<string, RuleSeverity>> }[];
}

const SEVERITIES: readonly unknown[] = ["off", "info", "warning", "error"];
const SETS: readonly unknown[] = ["recommended", "strict", "docs"];

export class LintSettings {
  readonly #config: LintConfig;

  constructor(config: LintConfig) {
    this.#config = config;
  }

  severityOf(rule: LintRule, path: string): RuleSeverity {
    const { sets = ["recommended"], rules = {}, overrides = [] } = this.#config;
    const override = overrides.findLast(({ files, rules: own }) => own[rule.slug] !== undefined && files.some((glob) => matchesGlob(path, glob)));
    const setting = override?.rules[rule.slug] ?? rules[rule.slug];
    if (setting !== undefined) return typeof setting === "string" ? setting : setting[0];
    return sets.some((set) => set === rule.set) ? rule.severity : "off";
  }

  optionsOf({ slug, options = {} }: LintRule): RuleOptions {
    const setting = this.#config.rules?.[slug];
    return setting === undefined || typeof setting === "string" ? options : { ...options, ...setting[1] };
  }
}

/** What is wrong with a configuration. It may come from a file that nothing has checked. */
export function problemsOf(config: LintConfig, rules: readonly LintRule[]): SettingProblem[] {
  const at = (...keys: SettingProblem["at"]) => ["lint", ...keys];
  if (!isRecord(config)) return [{ at: at(), reason: '"lint" is not an object' }];
  const { sets = [], rules: settings = {}, overrides = [], ...others } = config;
  const problems: SettingProblem[] = Object.keys(others).map((key) => {
    const meant = didYouMean(closest(key, ["sets", "rules", "overrides"]));
    return { at: at(key), reason: `"lint.${key}" is no setting; there are sets, rules and overrides`, help: meant };
  });
  if (!Array.isArray(sets)) problems.push({ at: at("sets"), reason: '"lint.sets" is not a list' });
  else for (const [index, set] of sets.entries()) if (!SETS.includes(set)) problems.push({ at: at("sets", index), reason: `there is no set ${shownValue(set)}; there are ${SETS.join(", ")}` });
  if (!isRecord(settings)) problems.push({ at: at("rules"), reason: '"lint.rules" is not an object' });
  else for (const [slug, setting] of Object.entries(settings)) problems.push(...problemsOfSetting(at("rules", slug), slug, setting, rules));
  if (!Array.isArray(overrides)) return [...problems, { at: at("overrides"), reason: '"lint.overrides" is not a list' }];
  for (const [index, override] of overrides.entries()) {
    if (!Array.isArray(override?.files) || !isRecord(override.rules)) problems.push({ at: at("overrides", index), reason: 'each of "lint.overrides" has `files`, a list of patterns, and `rules`' });
    else for (const [slug, severity] of Object.entries(override.rules)) problems.push(...problemsOfSetting(at("overrides", index, "rules", slug), slug, severity as RuleSeverity, rules));
  }
  return problems;
}

function problemsOfSetting(at: SettingProblem["at"], slug: string, setting: RuleSetting, rules: readonly LintRule[]): SettingProblem[] {
  const rule = rules.find((each) => each.slug === slug);
  if (rule === undefined) return [{ at, reason: `there is no rule "${slug}"`, help: didYouMean(closest(slug, rules.map((each) => each.slug))) }];
  const [severity, options] = Array.isArray(setting) ? (setting as [unknown, unknown]) : [setting, {}];
  const reasons = SEVERITIES.includes(severity) ? [] : [`the rule "${slug}" is set to ${shownValue(severity)}; it may be ${SEVERITIES.join(", ")}`];
  if (typeof options !== "object" || options === null) reasons.push(`the options of "${slug}" are no object`);
  else for (const [name, value] of Object.entries(options)) {
    const known = rule.options?.[name];
    if (known === undefined) reasons.push(`the rule "${slug}" has no option "${name}"`);
    else if (!isAlike(value as OptionValue, known)) reasons.push(`the option "${name}" of "${slug}" is ${shownValue(value)}, where its default is ${JSON.stringify(known)}`);
  }
  return reasons.map((reason) => ({ at, reason }));
}

function isAlike(value: unknown, like: OptionValue): boolean {
  if (Array.isArray(like)) return Array.isArray(value) && value.every((item) => typeof item === "string");
  if (typeof like === "object") return typeof value === "object" && value !== null && Object.values(value).every((item) => typeof item === "string");
  return typeof value === typeof like;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
