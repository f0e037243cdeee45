/** Reads a string in quotes: JSON's escapes, `\u{…}` beside them, and the exact place of each one that is wrong. */
import type { Span } from "../../text/span.js";
import type { Findings } from "../findings.js";

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * In turn: a code point in braces, a pair of surrogates, one UTF-16 code unit, and every other use of the backslash.
 */
const escapes =
  /\\u\{([^}"\\]{0,12})\}?|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\u[0-9a-fA-F]{0,3}|\\[^]?/gu;

/** The text of `raw`, which includes its quotes. Wrong escapes are reported and taken as they stand. */
export function readString(raw: string, span: Span, findings: Findings): string {
  const body = raw.slice(1, -1);
  reportControls(body, span, findings);
  if (!body.includes("\\") || raw.startsWith("'")) return body;
  return body.replace(escapes, (escape: string, point?: string, high?: string, low?: string, unit?: string, at = 0) => {
    const place = { ...span, start: span.start + 1 + at, end: span.start + 1 + at + escape.length };
    if (high !== undefined && low !== undefined)
      return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
    if (unit !== undefined) return readPoint(escape, unit, place, findings);
    if (point !== undefined) return readPoint(escape, escape.endsWith("}") ? point : "", place, findings);
    const simple = simpleEscapes[escape.slice(1)];
    if (simple === undefined) findings.report("RPC1005", place, { escape });
    return simple ?? escape.slice(1);
  });
}

/** What stands in single quotes as it is written here: with its escapes, if that is what its backslashes are. */
export function inDoubleQuotes(raw: string): string {
  const body = raw.slice(1, -1);
  if (body.replace(/\\(?:["'\\/bfnrt]|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\})/g, "").includes("\\")) return JSON.stringify(body);
  return `"${body.replace(/\\[^]|"/g, (found) => (found === '"' ? '\\"' : found === "\\'" ? "'" : found))}"`;
}

/**
 * The text of `raw`, which lacks its last quote: a guess at where it was meant to end, which spares findings about the
 * rest.
 */
export function readUnterminated(raw: string): string {
  return raw.slice(1).replace(/[;)\\].*$/u, "");
}

function readPoint(escape: string, hex: string, place: Span, findings: Findings): string {
  const value = /^[0-9a-fA-F]{1,6}$/.test(hex) ? Number.parseInt(hex, 16) : Infinity;
  if (value > 0x10ffff) findings.report("RPC1005", place, { escape });
  else if (value >= 0xd800 && value <= 0xdfff) findings.report("RPC1006", place, { escape });
  else return String.fromCodePoint(value);
  return "";
}

function reportControls(body: string, span: Span, findings: Findings): void {
  for (const match of body.matchAll(/[\u0000-\u0008\u000a-\u001f]/g)) {
    const start = span.start + 1 + match.index;
    findings.report("RPC1011", { ...span, start, end: start + 1 }, { character: match[0] });
  }
}
