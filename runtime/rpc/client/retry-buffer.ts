/** Bounds what a client keeps of requests so that it can send them again. */

const MAX_CALL_BYTES = 256 << 10;
const MAX_CLIENT_BYTES = 16 << 20;

/** One a channel. What finds no room in it gets one attempt. */
export class RetryBuffer {
  #bytes = 0;

  /** Whether the request can be sent again; then what it takes is given back by `release`. */
  hold(bytes: number): boolean {
    if (bytes > MAX_CALL_BYTES || this.#bytes + bytes > MAX_CLIENT_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }
}
