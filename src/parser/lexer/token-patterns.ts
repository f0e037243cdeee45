/** Patterns that are loops, for one regular expression would use stack for every character that it repeats over. */
import type { IToken } from "chevrotain";

/** At most so many pieces of garbage are told apart in one file; from there on the rest is one piece. */
const GARBAGE_LIMIT = 100;

export function matchNumber(text: string, offset: number): [string] | null {
  const run = /[+-]?\d[A-Za-z0-9_.]*/y;
  let end = offset;
  do {
    run.lastIndex = end;
    if (run.exec(text) === null) break;
    end = run.lastIndex;
  } while (/[eE]/.test(text.charAt(end - 1)) && /[+-]/.test(text.charAt(end)));
  return end === offset ? null : [text.slice(offset, end)];
}

export function matchString(text: string, offset: number, terminated: boolean): [string] | null {
  const stop = /["\\\r\n]/g;
  stop.lastIndex = offset + 1;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    if (match[0] === "\\" && !/[\r\n]/.test(text.charAt(match.index + 1))) stop.lastIndex = match.index + 2;
    else if (match[0] === '"') return terminated ? [text.slice(offset, match.index + 1)] : null;
    else if (match[0] !== "\\") return terminated ? null : [text.slice(offset, match.index)];
  }
  return terminated ? null : [text.slice(offset)];
}

/** A text in single quotes, in which a backslash may stand before one; or may stand at the end, for who knows no escapes. */
export function matchSingleQuoted(text: string, offset: number): [string] | null {
  if (text.charAt(offset) !== "'") return null;
  const stop = /['\\\r\n]/g;
  stop.lastIndex = offset + 1;
  let escaped: number | undefined;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    if (match[0] === "'") return [text.slice(offset, match.index + 1)];
    if (match[0] !== "\\") break;
    const next = text.charAt(match.index + 1);
    if (next === "'") escaped = match.index + 2;
    if (!/[\r\n]/.test(next)) stop.lastIndex = match.index + 2;
  }
  return escaped === undefined ? null : [text.slice(offset, escaped)];
}

export function matchBlockComment(text: string, offset: number): [string] | null {
  if (!text.startsWith("/*", offset)) return null;
  const end = text.indexOf("*/", offset + 2);
  return end === -1 ? null : [text.slice(offset, end + 2)];
}

export function matchGarbage(
  text: string,
  offset: number,
  _tokens: IToken[],
  groups: Record<string, IToken[]>,
): [string] {
  if ((groups["damage"]?.length ?? 0) >= GARBAGE_LIMIT) return [text.slice(offset)];
  const run =
    /[^][!$%&*\\^`|~\u0000-\u0008\u000e-\u001f\u007f-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u2bff\u3000-\u3040\ufeff]*/y;
  run.lastIndex = offset;
  return [run.exec(text)?.[0] ?? text.charAt(offset)];
}

/** One character of every bucket by which chevrotain sorts its patterns: 256 single ones, then one for every 255. */
export function everyCharacter(): number[] {
  const codes = Array.from({ length: 256 }, (_, code) => code);
  for (let code = 256; code <= 0xffff; code += 255) codes.push(code);
  codes.push(0xffff);
  return codes;
}
