/** Every code that there is, whichever stage or tool reports it: what `explain` and reports tell of one. */
import { catalog } from "../diagnostics/catalog.js";
import type { Definition } from "../diagnostics/define.js";
import { lintRules } from "../lint/rules.js";

/** Without its arguments' type, which telling of it does not need. */
export type CodeRow = Pick<Definition<never>, "slug" | "severity" | "why" | "bad" | "good">;

/** In the order of the codes. */
export const codeRows: ReadonlyMap<string, CodeRow> = new Map(
  [...Object.entries<CodeRow>(catalog), ...Object.entries<CodeRow>(lintRules)].sort(([a], [b]) => (a < b ? -1 : 1)),
);
