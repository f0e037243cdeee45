/** Reads what begins like a number: integers, floats and durations, with the exact place of what is wrong with them. */
import type { Span } from "../../text/span.js";
import type { Literal } from "../ast.js";
import type { Findings } from "../findings.js";

/** More than the digits of the greatest f64, so that no text makes a number that takes long to read. */
const DIGIT_LIMIT = 320;

const nanosOfUnit: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};

export type NumericLiteral = Extract<Literal, { kind: "int" | "float" | "duration" }>;

/** The value of `raw`. What is malformed is reported, and has the value that is nearest to what was meant. */
export function readNumber(raw: string, span: Span, findings: Findings): NumericLiteral {
  if (/^[1-9]\d{0,14}$/.test(raw)) return { kind: "int", value: BigInt(raw), raw, span };
  const negative = raw.startsWith("-");
  const signs = /^[+-]/.test(raw) ? 1 : 0;
  const body = raw.slice(signs);
  const digits = body.replaceAll("_", "");
  const malformed = (reason: string, at: number, length = 1): void =>
    findings.report(
      "RPC1007",
      { ...span, start: span.start + signs + at, end: span.start + signs + at + length },
      { number: raw, reason },
    );

  if (digits.length > DIGIT_LIMIT) {
    malformed("it has too many digits", 0, body.length);
    return { kind: "int", value: 0n, raw, span };
  }
  if (!/^0[xX]/.test(body) && /[a-zA-Z]/.test(body) && !/^[\d_.]+[eE]([+-]?[\d_]*)$/.test(body)) {
    return readDuration(raw, body, signs, span, findings);
  }
  const misplaced = misplacedUnderscore(body);
  if (misplaced !== -1) malformed("an underscore stands between two digits", misplaced);
  if (/^0[xX]/.test(digits)) {
    const wrong = /[^0-9a-fA-F]/.exec(digits.slice(2))?.[0];
    if (wrong !== undefined) malformed(`"${wrong}" is not a hexadecimal digit`, body.indexOf(wrong, 2));
    else if (digits.length === 2) malformed('no digit follows "0x"', 0, body.length);
    const value = wrong === undefined && digits.length > 2 ? BigInt(digits) : 0n;
    return { kind: "int", value: negative ? -value : value, raw, span };
  }
  if (/^\d+$/.test(digits)) {
    if (/^0\d/.test(digits)) malformed("it begins with a 0", 0);
    return { kind: "int", value: BigInt(`${negative ? "-" : ""}${digits}`), raw, span };
  }
  const { reason, at } = floatFault(body);
  if (reason !== undefined) malformed(reason, at);
  const value = Number.parseFloat(`${negative ? "-" : ""}${digits}`);
  if (reason === undefined && !Number.isFinite(value)) malformed("it is greater than any f64", 0, body.length);
  return { kind: "float", value: Number.isFinite(value) ? value : 0, raw, span };
}

function misplacedUnderscore(body: string): number {
  const digit = /^0[xX]/.test(body) ? /[0-9a-fA-F]/ : /[0-9]/;
  for (let at = body.indexOf("_"); at !== -1; at = body.indexOf("_", at + 1)) {
    if (!digit.test(body.charAt(at - 1)) || !digit.test(body.charAt(at + 1))) return at;
  }
  return -1;
}

function floatFault(body: string): { reason?: string; at: number } {
  const secondDot = body.indexOf(".", body.indexOf(".") + 1);
  if (body.includes("..")) return { reason: "it has two dots; a range is written `1 to 5`", at: body.indexOf("..") };
  if (body.includes(".") && secondDot !== -1) return { reason: "it has two dots", at: secondDot };
  const exponent = body.search(/[eE]/);
  if (exponent !== -1 && !/\d/.test(body.slice(exponent))) return { reason: "its exponent has no digit", at: exponent };
  const dot = body.indexOf(".");
  if (exponent !== -1 && dot > exponent) return { reason: "its exponent has a dot", at: dot };
  if (dot !== -1 && !/\d/.test(body.charAt(dot + 1))) return { reason: "no digit follows the dot", at: dot };
  if (/^0[\d_]/.test(body)) return { reason: "it begins with a 0", at: 0 };
  return { at: 0 };
}

function readDuration(raw: string, body: string, signs: number, span: Span, findings: Findings): NumericLiteral {
  let nanos = 0n;
  const part = /(\d[\d_]*)(?:\.(\d+))?([a-zA-Z_]+)/y;
  let read = 0;
  for (let match = part.exec(body); match !== null; match = part.exec(body)) {
    const [whole, integer = "0", fraction = "", unit = ""] = match;
    const scale = nanosOfUnit[unit];
    const exact = fraction.length < 15 && integer.length < 30 && scale !== undefined;
    const scaled = exact ? BigInt(integer.replaceAll("_", "") + fraction) * scale : 0n;
    const divisor = 10n ** BigInt(exact ? fraction.length : 0);
    const place = (from: number, to: number): Span => ({
      ...span,
      start: span.start + signs + from,
      end: span.start + signs + to,
    });
    if (scale === undefined) {
      findings.report("RPC1008", place(match.index + whole.length - unit.length, match.index + whole.length), {
        duration: raw,
        unit,
      });
      return { kind: "duration", nanos: 0n, raw, span };
    }
    if (!exact || scaled % divisor !== 0n || /_$|__/.test(integer)) {
      findings.report("RPC1007", place(match.index, match.index + whole.length), {
        number: raw,
        reason: "it is not a whole number of nanoseconds in plain digits",
      });
    }
    nanos += scaled / divisor;
    read = part.lastIndex;
  }
  if (read < body.length) {
    const rest = { ...span, start: span.start + signs + read };
    findings.report("RPC1008", rest, { duration: raw, unit: body.slice(read) });
  }
  return { kind: "duration", nanos: raw.startsWith("-") ? -nanos : nanos, raw, span };
}
