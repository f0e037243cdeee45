/** How many bytes may be held at once. */

export class ByteBudget {
  readonly #most: number;
  readonly #shared: ByteBudget | undefined;
  #held = 0;

  /** @param shared which what is held here counts for, too. */
  constructor(most: number, shared?: ByteBudget) {
    this.#most = most;
    this.#shared = shared;
  }

  /** False: there is no room for them, and nothing was taken. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#most || this.#shared?.take(bytes) === false) return false;
    this.#held += bytes;
    return true;
  }

  /** Of what was taken. */
  give(bytes: number): void {
    this.#held -= bytes;
    this.#shared?.give(bytes);
  }
}
