/** What the functions of a codec module are called. */

/** The functions that a declared type has, or its codec where it stands in another module. */
export type Part = "write" | "read" | "put" | "get" | "check";

/** `writeOrder`. A name's case is kept, so that two names stay two; `writeACodec$` of `ACodec` is not the codec of `writeA`. */
export function partName(part: Part | "zero", base: string): string {
  return /(?:Codec|Methods|Descriptor)\$*$/.test(base) ? `${part}${base}$` : `${part}${base}`;
}
