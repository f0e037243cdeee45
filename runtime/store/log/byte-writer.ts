/** Appends to a buffer that grows. Numbers are little-endian. */
const FIRST_SIZE = 512;

export class ByteWriter {
  #buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;

  byte(value: number): this {
    this.#need(1);
    this.#length = this.#buffer.writeUInt8(value, this.#length);
    return this;
  }

  /** Any number, in 8 bytes. */
  number(value: number): this {
    this.#need(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#need(4 + value.length);
    this.#length = this.#buffer.writeUInt32LE(value.length, this.#length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** In UTF-8: without lone surrogates. */
  text(value: string): this {
    const length = Buffer.byteLength(value);
    this.#need(4 + length);
    this.#length = this.#buffer.writeUInt32LE(length, this.#length);
    this.#length += this.#buffer.write(value, this.#length, "utf8");
    return this;
  }

  /** What was written; the writer is not used again. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #need(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(wanted, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
