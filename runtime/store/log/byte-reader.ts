/** Reads what a ByteWriter wrote. Every method throws RangeError at the end. */
export class ByteReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get atEnd(): boolean {
    return this.#at >= this.#buffer.length;
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#take(1));
  }

  number(): number {
    return this.#buffer.readDoubleLE(this.#take(8));
  }

  /** A copy. */
  bytes(): Uint8Array {
    const length = this.#buffer.readUInt32LE(this.#take(4));
    const from = this.#take(length);
    return new Uint8Array(this.#buffer.subarray(from, from + length));
  }

  text(): string {
    const length = this.#buffer.readUInt32LE(this.#take(4));
    const from = this.#take(length);
    return this.#buffer.toString("utf8", from, from + length);
  }

  #take(length: number): number {
    const from = this.#at;
    if (length > this.#buffer.length - from) throw new RangeError(`There are no ${length} bytes at ${from}.`);
    this.#at = from + length;
    return from;
  }
}
