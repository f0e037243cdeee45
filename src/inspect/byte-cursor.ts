/** A place in the bytes that moves forward and never trusts them, and the one way to say that they are wrong. */

/** Ends the walk. Caught where it began: for its callers, a fault is data. */
export class Malformed extends Error {
  readonly offset: number;
  readonly expected: string | undefined;
  /** The input is over before the value is. */
  readonly isCutOff: boolean;

  constructor(
    reason: string,
    offset: number,
    { expected, isCutOff = false }: { expected?: string; isCutOff?: boolean } = {},
  ) {
    super(reason);
    this.offset = offset;
    this.expected = expected;
    this.isCutOff = isCutOff;
  }
}

export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Of the next byte. */
  position = 0;
  /** Where reading must stop: the input's end, or that of the open block if it comes before. */
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
  }

  /** Steps over bytes, and returns the offset of the first. @throws Malformed if they are not there. */
  take(count: number, what: string): number {
    const from = this.position;
    const left = this.end - from;
    if (count > left) {
      const isCutOff = this.end === this.bytes.length;
      const reason = isCutOff ? "the bytes end too soon" : "the value goes beyond the length that its block states";
      const expected =
        count === 1 ? what : `${what}: ${plural(count, "byte")}, of which ${left} ${left === 1 ? "is" : "are"} there`;
      throw new Malformed(reason, isCutOff ? this.end : from, { expected, isCutOff });
    }
    this.position = from + count;
    return from;
  }

  byte(what: string): number {
    return this.view.getUint8(this.take(1, what));
  }

  /** @throws Malformed if it is not minimal, or 2^32 or more. */
  varint(what: string): number {
    const start = this.position;
    let value = 0;
    for (let index = 0; index < 5; index++) {
      const byte = this.byte(what);
      if (index === 4 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte >= 0x80) continue;
      if (byte === 0 && index > 0) {
        throw new Malformed("a varint is longer than it need be", start, {
          expected: `${what}: ${value} in as few bytes as it takes`,
        });
      }
      return value;
    }
    throw new Malformed("a varint is 2^32 or more", start, { expected: `${what}: at most five bytes, and below 2^32` });
  }

  /** Whether all bytes from an offset up to here are 0. */
  isZeroSince(from: number): boolean {
    for (let at = from; at < this.position; at++) if (this.bytes[at] !== 0) return false;
    return true;
  }
}

const grouped = new Intl.NumberFormat("en");

/** "9,992". */
export function shownCount(count: number): string {
  return grouped.format(count);
}

/** "1 byte", "9,992 bytes". */
export function plural(count: number, noun: string): string {
  const plain = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${shownCount(count)} ${count === 1 ? noun : plain}`;
}
