/** How a row of the catalog is written. Its argument type makes a report with a missing argument a compile error. */
import type { Severity } from "./diagnostic.js";

export interface Definition<Args> {
  /** A few words in kebab case: the name people use for the code. */
  readonly slug: string;
  readonly severity: Severity;
  readonly message: (args: Args) => string;
  readonly help?: (args: Args) => string | undefined;
  /** For `rpcgen explain`: what the finding means and why it is one, in Markdown. */
  readonly why: string;
  /** The smallest input that has the finding. */
  readonly bad: string;
  /** The same input, mended. */
  readonly good: string;
}

/** `define<{ name: string }>({ … })`; `define({ … })` for a finding without arguments. */
export function define<Args = Record<never, never>>(definition: Definition<Args>): Definition<Args> {
  return definition;
}
