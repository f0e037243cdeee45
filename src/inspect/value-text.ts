/** Values as a person reads them, on one line and without anything that a terminal would obey. */
import { shownCount } from "./byte-cursor.js";

/** Controls, line separators, bidirectional marks, and halves of surrogate pairs. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A string literal of the IDL; of longer text, its beginning and its length. */
export function quote(text: string, mostUnits = Number.POSITIVE_INFINITY): string {
  if (text.length <= mostUnits) return `"${escape(text)}"`;
  const cut = (text.charCodeAt(mostUnits - 1) & 0xfc00) === 0xd800 ? mostUnits - 1 : mostUnits;
  return `"${escape(text.slice(0, cut))}…" (${shownCount(text.length)} units)`;
}

function escape(text: string): string {
  return text
    .replace(/["\\]/g, "\\$&")
    .replace(UNPRINTABLE, (unit) => SHORT_ESCAPES[unit] ?? `\\u{${unit.charCodeAt(0).toString(16)}}`);
}

/** Text of one (form 0) or two (form 1) bytes a unit. Lone surrogates stay what they are. */
export function decodeUnits(view: DataView, from: number, units: number, form: number): string {
  const pieces: string[] = [];
  for (let at = 0; at < units; at += 4096) {
    const piece = Array.from({ length: Math.min(4096, units - at) }, (_, index) =>
      form === 0 ? view.getUint8(from + at + index) : view.getUint16(from + 2 * (at + index), true),
    );
    pieces.push(String.fromCharCode(...piece));
  }
  return pieces.join("");
}

export function floatText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The shortest decimal that is the same f32. */
export function f32Text(value: number): string {
  if (value === 0) return floatText(value);
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return floatText(short);
  }
  return floatText(value);
}

/** ISO 8601, with as many decimals as it takes. The seconds are within the years 0001 to 9999. */
export function timestampText(seconds: bigint, nanos: number): string {
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -".000Z".length)}${fraction(nanos)}Z`;
}

/** Such as `-1.5s`. The seconds are rounded down, the nanoseconds add to them. */
export function durationText(seconds: bigint, nanos: number): string {
  const total = seconds * 1_000_000_000n + BigInt(nanos);
  const size = total < 0n ? -total : total;
  return `${total < 0n ? "-" : ""}${size / 1_000_000_000n}${fraction(Number(size % 1_000_000_000n))}s`;
}

function fraction(nanos: number): string {
  return nanos === 0 ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
}

export function uuidText(bytes: Uint8Array): string {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
