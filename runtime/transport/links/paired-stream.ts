/** Two one-way streams as the one that a link needs: what a pair of pipes is. */
import { Duplex, type Readable, type Writable } from "node:stream";

/** After a write has failed, for the end to be read that tells why, in milliseconds. */
const LAST_WORDS_MS = 1_000;

export interface PairedStreamOptions {
  readonly readable: Readable;
  readonly writable: Writable;
  /** Called once the readable side has ended; the end is told when it resolves. It never rejects. */
  readonly atEnd?: (() => Promise<void>) | undefined;
  /** Called once the pair is closed. */
  readonly closed?: (() => void) | undefined;
}

/** The end of the one side leaves the other open, as links want it. */
export class PairedStream extends Duplex {
  readonly #pair: PairedStreamOptions;
  #idle: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(pair: PairedStreamOptions) {
    super({ allowHalfOpen: true });
    this.#pair = pair;
    const { readable, writable } = pair;
    readable.on("data", (chunk: Uint8Array) => {
      this.#idle?.refresh();
      if (!this.push(chunk)) readable.pause();
    });
    readable.pause();
    // A pipe that is cut closes without an end.
    for (const event of ["end", "close", "error"]) readable.on(event, () => void this.#end());
    writable.on("error", (error) => this.#writesNoMore(error));
  }

  /** As of a socket: counts from the last byte that moved in either direction, and keeps no process running. */
  setTimeout(ms: number, expired: () => void): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(expired, ms).unref();
  }

  override _read(): void {
    this.#pair.readable.resume();
  }

  override _write(chunk: Uint8Array, _encoding: unknown, written: () => void): void {
    this.#pair.writable.write(chunk, () => this.#wrote(written));
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], written: () => void): void {
    const { writable } = this.#pair;
    writable.cork();
    let left = chunks.length;
    for (const { chunk } of chunks) {
      writable.write(chunk, () => {
        left -= 1;
        if (left === 0) this.#wrote(written);
      });
    }
    writable.uncork();
  }

  override _final(ended: () => void): void {
    const { writable } = this.#pair;
    if (writable.destroyed) ended();
    else writable.end(() => ended());
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    clearTimeout(this.#idle);
    this.#pair.readable.destroy();
    this.#pair.writable.destroy();
    this.#pair.closed?.();
    destroyed(error);
  }

  #wrote(written: () => void): void {
    this.#idle?.refresh();
    written();
  }

  async #end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#pair.atEnd?.();
    if (!this.destroyed) this.push(null);
  }

  /** Whoever closed its side may have said why on the other: that is read before the error counts. */
  #writesNoMore(error: Error): void {
    setTimeout(() => {
      if (!this.#ended) this.destroy(error);
    }, LAST_WORDS_MS).unref();
  }
}
