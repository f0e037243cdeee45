/** `import { format } from "rpcgen"`: the one layout as a library. */
import { locate, type Finding } from "./diagnostics/finding.js";
import { format as formatSource } from "./format/format.js";
import { SourceFile } from "./text/source-file.js";

export interface FormatOptions {
  /** What findings call the text. Default: "source.idl". */
  readonly path?: string;
  /** Columns that a line should keep within. Default: 100. */
  readonly width?: number;
  /** One step of indentation. Default: two spaces. */
  readonly indent?: string;
}

export interface FormattedSource {
  /** Absent where the text has mistakes in its syntax. */
  readonly text?: string;
  readonly diagnostics: readonly Finding[];
}

/** Lays a text out. It means what it meant; formatting twice changes nothing more. */
export function format(text: string, { path = "source.idl", ...layout }: FormatOptions = {}): FormattedSource {
  const source = new SourceFile(path, text);
  const formatted = formatSource(source, layout);
  const diagnostics = formatted.diagnostics.map((found) => locate(found, () => source));
  return { diagnostics, ...(formatted.text !== undefined && { text: formatted.text }) };
}
