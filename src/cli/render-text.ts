/** Findings as a person reads them: the place, the line of source with carets under it, notes, help and a sum. */
import type { Colors } from "picocolors/types.js";
import type { Finding, Place, SourceLookup } from "../diagnostics/finding.js";
import { propertyLines } from "./plain-lines.js";
import { frameOf } from "./source-frame.js";

export interface TextStyle {
  readonly colors: Colors;
  readonly source: SourceLookup;
}

/** One finding, ending in a line break. */
export function renderFinding(finding: Finding, { colors, source }: TextStyle): string {
  const paint = finding.severity === "error" ? colors.red : finding.severity === "warning" ? colors.yellow : colors.cyan;
  const title = `${colors.bold(paint(`${finding.severity}[${finding.code}]`))}${colors.bold(`: ${shown(finding.message)}`)}`;
  const lines = [`${placePrefix(finding, source)}${title}`, ...frameLines(finding, paint)];
  for (const related of finding.related ?? []) {
    lines.push(`${placePrefix(related, source)}${colors.bold(colors.blue("note"))}: ${shown(related.message)}`);
    lines.push(...frameLines(related, colors.blue));
  }
  for (const line of propertyLines(finding)) lines.push(`  ${colors.dim("=")} ${shown(line)}`);
  if (finding.help !== undefined) lines.push(`  ${colors.bold(colors.green("help"))}: ${shown(finding.help)}`);
  return `${lines.join("\n")}\n`;

  function frameLines(place: Place, mark: (text: string) => string): string[] {
    const file = source(place.file);
    return file === undefined ? [] : frameOf(file, place, { gutter: colors.dim, mark });
  }
}

/** "3 errors and 1 warning", or undefined where nothing was found. */
export function summaryOf(findings: readonly Finding[]): string | undefined {
  const counts = (["error", "warning", "info"] as const)
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity === "info" ? "remark" : severity}${count === 1 ? "" : "s"}`);
  return counts.length === 0 ? undefined : counts.join(" and ");
}

/** A place in a source that was read has a line and a column; a file that was not has neither. */
function placePrefix({ file, line, column }: Place, source: SourceLookup): string {
  if (file === "") return "";
  return source(file) === undefined ? `${shown(file)}: ` : `${shown(file)}:${line}:${column}: `;
}

/** Control characters of an input must not reach the terminal as such. */
export function shown(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u{${character.charCodeAt(0).toString(16)}}`;
  });
}
