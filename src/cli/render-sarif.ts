/** Findings as SARIF 2.1.0, which code hosts and editors read: with the rules that they come from, and their fixes. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding, FindingEdit, Place } from "../diagnostics/finding.js";
import { samplesOf, type CodeRow } from "./code-row.js";
import { codeRows } from "./codes.js";
import { version } from "./version.js";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;
/** What relative paths start from. */
const ROOT = "SRCROOT";

export function renderSarif(findings: readonly Finding[], _extra: Readonly<Record<string, unknown>>, cwd: string): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "rpcgen", semanticVersion: version, rules: codes.map((code) => rule(code, codeRows.get(code))) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [ROOT]: { uri: `${pathToFileURL(cwd).href.replace(/\/$/, "")}/` } },
        results: findings.map((finding) => result(finding, codes.indexOf(finding.code))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(code: string, row: CodeRow | undefined): object {
  if (row === undefined) return { id: code };
  return {
    id: code,
    name: row.slug,
    shortDescription: { text: row.slug.replaceAll("-", " ") },
    fullDescription: { text: row.why },
    help: { text: [row.why, ...samplesOf(row).map(({ says, text }) => `${says}:\n\n${text}`)].join("\n\n") },
    defaultConfiguration: { level: LEVELS[row.severity] },
  };
}

function result(finding: Finding, ruleIndex: number): object {
  const { code, severity, message, help, related, fix, properties } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: help === undefined ? message : `${message}\nhelp: ${help}` },
    ...(finding.file !== "" && { locations: [{ physicalLocation: physical(finding) }] }),
    ...(related !== undefined && {
      relatedLocations: related.map((place, id) => ({ id, message: { text: place.message }, physicalLocation: physical(place) })),
    }),
    ...(fix !== undefined && fix.length > 0 && { fixes: [fixOf(fix, help ?? message)] }),
    ...(properties !== undefined && { properties }),
  };
}

/** The edits of one fix, file by file. */
function fixOf(edits: readonly FindingEdit[], description: string): object {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: description },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifact(file),
      replacements: edits.filter((edit) => edit.file === file).map((edit) => ({ deletedRegion: region(edit), insertedContent: { text: edit.text } })),
    })),
  };
}

function physical(place: Place): object {
  return { artifactLocation: artifact(place.file), region: region(place) };
}

function region({ line, column, endLine, endColumn }: Place): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function artifact(file: string): object {
  if (path.isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split("/").map(encodeURIComponent).join("/"), uriBaseId: ROOT };
}
