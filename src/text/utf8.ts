/** Decodes UTF-8 strictly, and says where the first bad byte would stand in the text. */

export type Decoded =
  | { readonly valid: true; readonly text: string }
  /** `text` has U+FFFD for what is not UTF-8; the first of them stands at `offset`. */
  | { readonly valid: false; readonly text: string; readonly offset: number };

export function decodeUtf8(bytes: Uint8Array): Decoded {
  const whole = decodeStrictly(bytes, false);
  if (whole !== undefined) return { valid: true, text: whole };
  const valid = decodeStrictly(bytes.subarray(0, validPrefix(bytes)), true) ?? "";
  return { valid: false, text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), offset: valid.length };
}

/** The longest prefix that could go on to be UTF-8: a sequence cut by its end counts as good, which makes the search monotone. */
function validPrefix(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decodeStrictly(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  return good;
}

function decodeStrictly(bytes: Uint8Array, more: boolean): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: more });
  } catch {
    return undefined;
  }
}
