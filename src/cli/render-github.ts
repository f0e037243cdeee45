/** Findings as workflow commands of GitHub Actions, which show them beside the changed lines of a pull request. */
import type { Finding } from "../diagnostics/finding.js";
import { plainEdits, propertyLines } from "./plain-lines.js";

const COMMANDS = { error: "error", warning: "warning", info: "notice" } as const;

/** A line for each finding. GitHub shows ten of each kind a step, and all of them in the log. */
export function renderGithub(findings: readonly Finding[]): string {
  return findings.map((finding) => `${command(finding)}\n`).join("");
}

function command(finding: Finding): string {
  const { severity, code, message, help, related = [], file, line, column, endLine, endColumn } = finding;
  const notes = related.map((place) => `${place.file}:${place.line}:${place.column}: ${place.message}`);
  const text = [message, ...notes, ...propertyLines(finding), ...(help === undefined ? [] : [`help: ${help}`]), ...plainEdits(finding)].join("\n");
  // Columns are only understood within one line.
  const columns = line === endLine ? [`col=${column}`, `endColumn=${endColumn}`] : [];
  const place = file === "" ? [] : [`file=${property(file)}`, `line=${line}`, `endLine=${endLine}`, ...columns];
  return `::${COMMANDS[severity]} ${[...place, `title=${property(code)}`].join(",")}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
