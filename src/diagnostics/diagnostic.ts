/** A finding as data: what, where and what to do. Rendering it is the business of whoever shows it. */
import type { Span } from "../text/span.js";

export type Severity = "error" | "warning" | "info";

/** A second place that explains the first, such as an earlier declaration of the same name. */
export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}

/** One replacement in the source: `text` takes the place of `span`. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

export interface Diagnostic {
  /** A stable code of the catalog, such as "RPC2001". */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence in the present tense, with the offending name in quotes. */
  readonly message: string;
  /** Absent where the finding has no place in a source, such as a file that is not there. */
  readonly span?: Span;
  /** What to do about it, so that it can be pasted or followed. */
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
  /** Edits which, made together, remove the finding. */
  readonly fix?: readonly TextEdit[];
  /** What a tool says of its findings beyond this, by name: whom a change breaks, say. */
  readonly properties?: Properties;
}

export type Properties = Readonly<Record<string, string | readonly string[]>>;
