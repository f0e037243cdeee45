/** Findings as JUnit's XML, which most build servers show as a list of tests: a failure for each error. */
import type { Finding } from "../diagnostics/finding.js";
import { plainEdits, propertyLines } from "./plain-lines.js";

/** Warnings and remarks are tests that pass and have something to say: they do not make the command fail either. */
export function renderJunit(findings: readonly Finding[]): string {
  const failures = findings.filter(({ severity }) => severity === "error").length;
  const cases = findings.length === 0 ? ['    <testcase classname="rpcgen" name="no findings"/>'] : findings.map(testCase);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="rpcgen" ${counts}>`,
    `  <testsuite name="rpcgen" ${counts} skipped="0">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(finding: Finding): string {
  const { file, line, column, code, message, severity } = finding;
  const name = `${code} at ${line}:${column}`;
  const head = `    <testcase classname="${escape(file === "" ? "rpcgen" : file)}" name="${escape(name)}" file="${escape(file)}" line="${line}">`;
  const text = escape(details(finding));
  const body =
    severity === "error"
      ? `      <failure type="${code}" message="${escape(message)}">${text}</failure>`
      : `      <system-out>${text}</system-out>`;
  return [head, body, "    </testcase>"].join("\n");
}

function details(finding: Finding): string {
  const { file, line, column, severity, code, message, help, related = [] } = finding;
  const notes = related.map((place) => `${place.file}:${place.line}:${place.column}: note: ${place.message}`);
  const helps = help === undefined ? [] : [`help: ${help}`];
  return [`${file}:${line}:${column}: ${severity}[${code}]: ${message}`, ...notes, ...propertyLines(finding), ...helps, ...plainEdits(finding)].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;" };

/** What XML has no form for, control characters and halves of surrogate pairs, is shown by its number. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replace(/[&<>"\n\t]/g, (character) => ENTITIES[character] ?? character);
}
