/** A UUID between its text, 8-4-4-4-12 hexadecimal digits, and its 16 bytes. */
import { readLatin1 } from "./text.js";

export const NIL_UUID = "00000000-0000-0000-0000-000000000000";

/** The place in the text of the first digit of each byte. */
const DIGITS_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DASHES_AT = [8, 13, 18, 23];
const DASH = 0x2d;

/** The value of a hexadecimal digit by its code, and 0x100 for every other code below 128. */
const VALUE_OF_CODE = Uint16Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 0x100 : value;
});
const CODE_OF_VALUE = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** Writes 16 bytes. Returns false where the text, of either case, is no UUID. */
export function writeUuid(bytes: Uint8Array, at: number, text: string): boolean {
  if (text.length !== 36) return false;
  for (const dash of DASHES_AT) if (text.charCodeAt(dash) !== DASH) return false;
  let seen = 0;
  for (let i = 0; i < 16; i++) {
    const digit = DIGITS_AT[i] as number;
    const high = VALUE_OF_CODE[text.charCodeAt(digit)] ?? 0x100;
    const low = VALUE_OF_CODE[text.charCodeAt(digit + 1)] ?? 0x100;
    seen |= high | low;
    bytes[at + i] = (high << 4) | low;
  }
  return seen < 0x100;
}

const codes = new Uint8Array(36);
for (const dash of DASHES_AT) codes[dash] = DASH;

/** Always in lower case. */
export function readUuid(view: DataView, at: number): string {
  for (let i = 0; i < 16; i++) {
    const digit = DIGITS_AT[i] as number;
    const byte = view.getUint8(at + i);
    codes[digit] = CODE_OF_VALUE[byte >>> 4] as number;
    codes[digit + 1] = CODE_OF_VALUE[byte & 15] as number;
  }
  return readLatin1(codes, 0, 36);
}
