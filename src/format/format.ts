/** `format`: a text in the one layout, with its comments and its groups between empty lines. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Findings } from "../parser/findings.js";
import { parse } from "../parser/parse.js";
import type { SourceFile } from "../text/source-file.js";
import { piecesOf } from "./pieces.js";
import { print } from "./print.js";
import { statementsOf } from "./statements.js";
import type { Layout } from "./writer.js";

export type FormatResult =
  | { readonly text: string; readonly diagnostics: readonly Diagnostic[] }
  /** The text has mistakes in its syntax, and is left as it is. */
  | { readonly text?: undefined; readonly diagnostics: readonly Diagnostic[] };

const defaultLayout: Layout = { width: 100, indent: "  " };

/**
 * The text of a source in the one layout. It means what it meant, and formatting it again changes nothing. Line ends stay what
 * the first one in the source is.
 */
export function format(source: SourceFile, layout: Partial<Layout> = {}): FormatResult {
  const { diagnostics } = parse(source);
  if (diagnostics.some(({ severity }) => severity === "error")) return { diagnostics };
  const text = print(statementsOf(piecesOf(source, new Findings())), { ...defaultLayout, ...layout });
  const isDos = source.text.charAt(source.text.indexOf("\n") - 1) === "\r";
  return { text: isDos ? text.replaceAll("\n", "\r\n") : text, diagnostics };
}
