/** Which version follows another, by what changed between them. */
import { gt, gte, inc, major, minor, minVersion, parse, satisfies, valid, validRange } from "semver";
import type { Step } from "../breaking/rule.js";

/** Of a package that nobody has yet. */
export const FIRST_VERSION = "0.1.0";

const STEPS: readonly Step[] = ["patch", "minor", "major"];

/**
 * The step that a range with a caret does not follow, where it must not: that of the first number which is not 0. So below 1.0.0 what breaks
 * takes a minor step and all else a patch, and below 0.1.0 all is a patch.
 */
export function stepFrom(version: string, step: Step): Step {
  if (major(version) > 0) return step;
  return minor(version) > 0 && step === "major" ? "minor" : "patch";
}

/** @throws Error if `version` is none, which `versionProblem` finds. */
export function versionAfter(version: string, step: Step): string {
  const next = inc(version, step);
  if (next === null) throw new Error(`"${version}" is no version`);
  return next;
}

export function isStep(word: string): word is Step {
  return STEPS.some((step) => step === word);
}

export function isVersion(text: string): boolean {
  return valid(text) === text;
}

/** The greater of two steps. */
export function greater(a: Step, b: Step): Step {
  return STEPS.indexOf(a) < STEPS.indexOf(b) ? b : a;
}

export function isNewer(version: string, older: string): boolean {
  return gt(version, older);
}

/** Whether a version is as far as another, or a pre-release of one that is. */
export function isAsFarAs(version: string, demanded: string): boolean {
  const release = parse(version);
  return release !== null && gte(`${release.major}.${release.minor}.${release.patch}`, demanded);
}

/** Whether what a range begins with is within another, so that who has one has the other by an update without a break. */
export function continues(range: string, older: string): boolean {
  if (validRange(range) === null || validRange(older) === null) return true;
  const least = minVersion(range);
  return least === null || satisfies(least, older);
}
