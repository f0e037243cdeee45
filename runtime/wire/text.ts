/**
 * Text to bytes and back, by the engine's own copies where there are any: Node, Bun and Deno have them on `Buffer`,
 * browsers get `TextDecoder` and loops. Chosen once, here and nowhere else.
 */

import { SHORT_LATIN1, shortLatin1 } from "./short-latin1.js";

/** The two forms: one byte a unit where every unit is below 256, and two, little-endian, otherwise. */
export const TextForm = { LATIN1: 0, UTF16: 1 } as const;

/** Methods of `Buffer.prototype` that work on any `Uint8Array`; each copies without interpreting. */
interface NativeText {
  latin1Write(this: Uint8Array, text: string, offset: number, length: number): number;
  ucs2Write(this: Uint8Array, text: string, offset: number, length: number): number;
  latin1Slice(this: Uint8Array, start: number, end: number): string;
  ucs2Slice(this: Uint8Array, start: number, end: number): string;
}

const native = (globalThis as { Buffer?: { prototype: Partial<NativeText> } }).Buffer?.prototype;
const hasNative =
  typeof native?.latin1Write === "function" &&
  typeof native.ucs2Write === "function" &&
  typeof native.latin1Slice === "function" &&
  typeof native.ucs2Slice === "function";

const { latin1Write, ucs2Write, latin1Slice, ucs2Slice } = (native ?? {}) as NativeText;

/** Up to this length a loop beats the price of a native call, */
const SHORT_WRITE = 24;
/** and up to this one that of a `TextEncoder`. */
const SHORT_ENCODE = 512;

/** V8 answers this at once for a string that it holds as one byte a unit. */
const BEYOND_LATIN1 = /[^\u0000-\u00ff]/;

/** Whether text has a unit above 255, and so must have the form UTF-16. */
export function isWide(text: string): boolean {
  return BEYOND_LATIN1.test(text);
}

/**
 * Writes text that fits one byte a unit. Returns false, and leaves garbage behind `at`, where it does not.
 * The caller has reserved `text.length` bytes.
 */
export function writeLatin1(bytes: Uint8Array, at: number, text: string): boolean {
  const length = text.length;
  if (length <= SHORT_WRITE) {
    let seen = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      seen |= unit;
      bytes[at + i] = unit;
    }
    return seen < 0x100;
  }
  if (isWide(text)) return false;
  writeLongLatin1(bytes, at, text);
  return true;
}

const writeLongLatin1: (bytes: Uint8Array, at: number, text: string) => void = hasNative
  ? (bytes, at, text) => void latin1Write.call(bytes, text, at, text.length)
  : (bytes, at, text) => {
      const { length } = text;
      // Into as many bytes as it has units goes ASCII alone, which long text mostly is.
      if (length > SHORT_ENCODE && (encoder ??= new TextEncoder()).encodeInto(text, bytes.subarray(at, at + length)).read === length) return;
      for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    };

/** Writes two bytes a unit; the caller has reserved them. */
export const writeUtf16: (bytes: Uint8Array, at: number, text: string) => void = hasNative
  ? (bytes, at, text) => void ucs2Write.call(bytes, text, at, 2 * text.length)
  : (bytes, at, text) => {
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        bytes[at + 2 * i] = unit;
        bytes[at + 2 * i + 1] = unit >>> 8;
      }
    };

/** One unit a byte. Every byte is fine. */
export function readLatin1(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from;
  return length <= SHORT_LATIN1 ? shortLatin1(bytes, from, length) : readLongLatin1(bytes, from, to);
}

const readLongLatin1: (bytes: Uint8Array, from: number, to: number) => string = hasNative
  ? (bytes, from, to) => latin1Slice.call(bytes, from, to)
  : (bytes, from, to) => {
      const units = bytes.subarray(from, to);
      // What the web calls "latin1" differs from it in 27 bytes, each of which it makes a unit above 255.
      const text = (windows1252 ??= new TextDecoder("windows-1252")).decode(units);
      return isWide(text) ? fromUnits(units) : text;
    };

let encoder: InstanceType<typeof TextEncoder> | undefined;
let windows1252: InstanceType<typeof TextDecoder> | undefined;
let wellFormed: InstanceType<typeof TextDecoder> | undefined;

/** One unit for two bytes. Does not look for lone surrogates. */
export const readUtf16: (bytes: Uint8Array, from: number, to: number) => string = hasNative
  ? (bytes, from, to) => ucs2Slice.call(bytes, from, to)
  : (bytes, from, to) => {
      wellFormed ??= new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
      try {
        return wellFormed.decode(bytes.subarray(from, to));
      } catch {
        // A lone surrogate. Whoever asked looks for that, and says where it is.
      }
      const units = new Uint16Array((to - from) >>> 1);
      for (let i = 0; i < units.length; i++) {
        units[i] = (bytes[from + 2 * i] as number) | ((bytes[from + 2 * i + 1] as number) << 8);
      }
      return fromUnits(units);
    };

/** In runs, for a call takes only so many arguments. */
function fromUnits(units: Uint8Array | Uint16Array): string {
  let text = "";
  for (let from = 0; from < units.length; from += 4096) {
    // Not by spreading, which takes seven times as long.
    text += String.fromCharCode.apply(undefined, units.subarray(from, from + 4096) as unknown as number[]);
  }
  return text;
}
