/** Every code that there is, whichever stage or tool reports it: what `explain` and reports tell of one. */
import { catalog } from "../diagnostics/catalog.js";
import { breakingRules } from "../breaking/rules.js";
import { lintRules } from "../lint/rules.js";
import type { CodeRow } from "./code-row.js";

/** In the order of the codes. */
export const codeRows: ReadonlyMap<string, CodeRow> = new Map(
  [...Object.entries<CodeRow>(catalog), ...Object.entries<CodeRow>(lintRules), ...Object.entries<CodeRow>(breakingRules)].sort(([a], [b]) => (a < b ? -1 : 1)),
);
