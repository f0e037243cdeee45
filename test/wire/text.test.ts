/** Text to bytes and back gives the same in a browser, where there is no Buffer, as in Node. */
import { afterEach, describe, expect, test, vi } from "vitest";

type Text = typeof import("../../runtime/wire/text.js");

const TEXTS = [
  "",
  "a",
  "short",
  "exactly twenty units",
  "just above twenty unit",
  "x".repeat(24),
  "x".repeat(25),
  "é".repeat(300),
  "plain ".repeat(2000),
  "é in plain text ".repeat(100),
  Array.from({ length: 2_560 }, (_, unit) => String.fromCharCode(unit & 0xff)).join(""),
  "\u0080\u009f",
  "\u00ff".repeat(40),
  "漢字",
  "漢".repeat(5000),
  "😀",
  "mixed é 漢 😀 ".repeat(700),
  "\u0000",
  "\ufeffbom",
  "\uffff\ufffe",
];

async function load(hasBuffer: boolean): Promise<Text> {
  vi.resetModules();
  if (!hasBuffer) vi.stubGlobal("Buffer", undefined);
  return import("../../runtime/wire/text.js");
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe.each([true, false])("with Buffer: %s", (hasBuffer) => {
  test.each(TEXTS.map((text) => ({ text, length: text.length })))("$length units", async ({ text }) => {
    const { isWide, readLatin1, readUtf16, writeLatin1, writeUtf16 } = await load(hasBuffer);
    const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
    const wide = units.some((unit) => unit > 0xff);
    expect(isWide(text)).toBe(wide);
    const bytes = new Uint8Array(2 * text.length + 6).fill(0xaa);

    expect(writeLatin1(bytes, 3, text)).toBe(!wide);
    if (!wide) {
      expect([...bytes.subarray(3, 3 + text.length)]).toEqual(units);
      expect(readLatin1(bytes, 3, 3 + text.length)).toBe(text);
    }
    writeUtf16(bytes, 3, text);
    expect([...bytes.subarray(3, 3 + 2 * text.length)]).toEqual(units.flatMap((unit) => [unit & 0xff, unit >>> 8]));
    expect(readUtf16(bytes, 3, 3 + 2 * text.length)).toBe(text);
    expect([...bytes.subarray(0, 3), ...bytes.subarray(3 + 2 * text.length)]).toEqual(new Array(6).fill(0xaa));
  });
});
