/** A diagnostic with its lines and columns: the one shape that the library returns and `--json` prints. */
import type { SourceFile } from "../text/source-file.js";
import type { Span } from "../text/span.js";
import type { Diagnostic, Properties, RelatedPlace, Severity, TextEdit } from "./diagnostic.js";

/** A range as editors show it. Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface RelatedFinding extends Place {
  readonly message: string;
}

export interface Finding extends Place {
  /** A stable code such as "RPC2001". */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly RelatedFinding[];
  /** Edits which, made together, remove the finding. */
  readonly fix?: readonly FindingEdit[];
  /** What a tool says of its findings beyond this, by name. */
  readonly properties?: Properties;
}

/** One replacement: `text` takes the place of what stands at the place. */
export interface FindingEdit extends Place {
  readonly text: string;
  /** The same place in offsets, which are those of the text less its byte order mark. */
  readonly span: Span;
}

/** Finds a source by the path in a span. */
export type SourceLookup = (path: string) => SourceFile | undefined;

/** Gives a diagnostic its lines and columns. What has no place in a source that was read stands at 1:1 of its file. */
export function locate(diagnostic: Diagnostic, source: SourceLookup): Finding {
  const { code, severity, message, span, help, related, fix, properties } = diagnostic;
  return {
    code,
    severity,
    message,
    ...placeOf(span, source),
    ...(help !== undefined && { help }),
    ...(related !== undefined && { related: related.map((place) => locateRelated(place, source)) }),
    ...(fix !== undefined && { fix: fix.map((edit) => locateEdit(edit, source)) }),
    ...(properties !== undefined && { properties }),
  };
}

function locateRelated({ message, span }: RelatedPlace, source: SourceLookup): RelatedFinding {
  return { message, ...placeOf(span, source) };
}

function locateEdit({ span, text }: TextEdit, source: SourceLookup): FindingEdit {
  return { ...placeOf(span, source), text, span };
}

function placeOf(span: Span | undefined, source: SourceLookup): Place {
  const file = span && source(span.file);
  if (span === undefined || file === undefined) {
    return { file: span?.file ?? "", line: 1, column: 1, endLine: 1, endColumn: 1 };
  }
  const start = file.position(span.start);
  const end = file.position(span.end);
  return { file: span.file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
