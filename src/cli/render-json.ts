/** Findings as the one JSON document of a run. Its shape is public and versioned: additions are fine, changes are not. */
import type { Finding, FindingEdit, Place, RelatedFinding } from "../diagnostics/finding.js";

/** The version of the document. */
const VERSION = 1;

/** An indented document: `version`, `diagnostics`, and then whatever the command adds. */
export function renderJson(findings: readonly Finding[], extra: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ version: VERSION, diagnostics: findings.map(jsonFinding), ...extra }, null, 2)}\n`;
}

function jsonFinding({ code, severity, message, help, related, fix, properties, ...place }: Finding): Record<string, unknown> {
  return {
    code,
    severity,
    message,
    ...jsonPlace(place),
    ...(help !== undefined && { help }),
    ...(related && { related: related.map(jsonRelated) }),
    ...(fix && { fix: fix.map(jsonEdit) }),
    ...(properties && { properties }),
  };
}

function jsonRelated({ message, ...place }: RelatedFinding): Record<string, unknown> {
  return { message, ...jsonPlace(place) };
}

function jsonEdit({ text, ...place }: FindingEdit): Record<string, unknown> {
  return { ...jsonPlace(place), text };
}

function jsonPlace({ file, line, column, endLine, endColumn }: Place): Place {
  return { file, line, column, endLine, endColumn };
}
