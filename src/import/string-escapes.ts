/** A string of protobuf as its file has it: protobufjs knows few of its escapes, and takes bytes for characters. */

const LITERAL = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
const DEFAULT = new RegExp(String.raw`\bdefault\s*=\s*((?:${LITERAL})(?:\s*(?:${LITERAL}))*)`, "g");
const PART = new RegExp(LITERAL, "g");
const ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
const CONTROLS: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The first default that is a string, from an offset on; undefined where there is none, or its bytes are no text. */
export function defaultText(source: string, offset: number): string | undefined {
  DEFAULT.lastIndex = offset;
  const found = DEFAULT.exec(source)?.[1];
  if (found === undefined) return undefined;
  return textOf([...found.matchAll(PART)].map(([part]) => part.slice(1, -1)).join(""));
}

/** `\x` and octal digits are bytes, which are UTF-8 together; undefined where they are none. */
function textOf(escaped: string): string | undefined {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let end = 0;
  for (const { 0: escape, 1: hex, 2: octal, 3: short, 4: long, 5: other = "", index } of escaped.matchAll(ESCAPE)) {
    bytes.push(...encoder.encode(escaped.slice(end, index)));
    end = index + escape.length;
    const point = short ?? long;
    if (hex !== undefined || octal !== undefined) bytes.push(Number.parseInt(hex ?? octal ?? "", hex === undefined ? 8 : 16));
    else if (point === undefined) bytes.push(...encoder.encode(CONTROLS[other] ?? other));
    else if (Number.parseInt(point, 16) > 0x10ffff) return undefined;
    else bytes.push(...encoder.encode(String.fromCodePoint(Number.parseInt(point, 16))));
  }
  bytes.push(...encoder.encode(escaped.slice(end)));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
