/** Texts as UTF-8 in memory that is kept: for a large text, memory that the system has yet to give costs more than the work. */

let kept = Buffer.alloc(0);

/** The bytes of a text, until the next call. */
export function encoded(text: string): Buffer {
  const length = Buffer.byteLength(text);
  if (kept.length < length) kept = Buffer.allocUnsafeSlow(2 * length);
  kept.write(text);
  return kept.subarray(0, length);
}
