/** How many bytes may be held at once: of records, of requests, of replies; by one peer, and within that of all. */
import type { Bound } from "../transport/transport.js";

export class ByteBudget implements Bound {
  readonly #most: number;
  readonly #shared: Bound | undefined;
  #held = 0;

  /** @param shared which what is held here counts for, too. */
  constructor(most: number, shared?: Bound) {
    this.#most = most;
    this.#shared = shared;
  }

  get held(): number {
    return this.#held;
  }

  /** Whether there is room for them. */
  fits(bytes: number): boolean {
    return this.#held + bytes <= this.#most && this.#shared?.fits(bytes) !== false;
  }

  /** False: there is no room for them, and nothing was taken. */
  take(bytes: number): boolean {
    const fits = this.fits(bytes);
    if (fits) this.hold(bytes);
    return fits;
  }

  /** Takes what is there already, whether there is room or not. */
  hold(bytes: number): void {
    this.#held += bytes;
    this.#shared?.hold(bytes);
  }

  /** Of what was taken. */
  give(bytes: number): void {
    this.#held -= bytes;
    this.#shared?.give(bytes);
  }
}
