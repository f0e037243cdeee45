/** What is wrong with a setting of a configuration: the tools that have settings say it, the command line finds its place. */

export interface SettingProblem {
  /** The keys and numbers that lead to it in the configuration: `["lint", "sets", 1]`. Deeper than what is there is fine. */
  readonly at: readonly (string | number)[];
  /** A sentence without its end. */
  readonly reason: string;
  readonly help?: string | undefined;
}

/** All of them, for an exception of the library. */
export function settingsError(problems: readonly SettingProblem[]): TypeError {
  return new TypeError(problems.map(({ reason, help }) => (help === undefined ? reason : `${reason}; ${help}`)).join("; "));
}

/** A value of a configuration, which may be anything that a program makes, as a message shows it. */
export function shownValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === "object" ? "an object that is no plain data" : String(value);
  }
}
