/** Reads the parts of a frame, each bounded by the frame's end. */

/** The peer broke the rules of part 2 of docs/wire.md; the connection cannot go on. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FrameError("a text is not UTF-8");
  }
}

export class FrameReader {
  #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Starts on another frame, so that a session needs one reader for all. */
  reset(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#offset = 0;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new FrameError("the frame ends early");
    this.#offset += 1;
    return byte;
  }

  /** Below 2^32, minimal. */
  varint(): number {
    const value = this.varint53();
    if (value > 0xffff_ffff) throw new FrameError("a varint exceeds 32 bits");
    return value;
  }

  /** Up to 2^53 - 1, minimal. */
  varint53(): number {
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 1;
    for (let count = 1; count < 8; count += 1) {
      scale *= 0x80;
      byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (byte === 0) throw new FrameError("a varint is not minimal");
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
    }
    throw new FrameError("a varint exceeds 53 bits");
  }

  /** A view of the frame: valid only as long as the frame is. */
  view(length: number): Uint8Array {
    if (length > this.remaining) throw new FrameError("a length exceeds the frame");
    const start = this.#offset;
    this.#offset += length;
    // As subarray would, at half the cost.
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length);
  }

  copy(length: number): Uint8Array {
    return this.view(length).slice();
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.view(this.remaining);
  }

  text(): string {
    const bytes = this.view(this.varint());
    return bytes.length === 0 ? "" : textOf(bytes);
  }

  end(): void {
    if (this.remaining > 0) throw new FrameError("bytes follow the frame's end");
  }
}
