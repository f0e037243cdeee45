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
