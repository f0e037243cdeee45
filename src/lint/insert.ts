/** Something new before a declaration or member: behind its documentation, before its annotations. */
import type { TextEdit } from "../diagnostics/diagnostic.js";
import type { Span } from "../text/span.js";

export function insertBefore({ span: { file, start } }: { readonly span: Span }, text: string): readonly TextEdit[] {
  return [{ span: { file, start, end: start }, text }];
}
