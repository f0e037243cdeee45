/** How much memory records take, of one client and of all, in the one unit that is counted: bytes. */

/** A record with what it hangs from, without its outcome. */
export const RECORD_BYTES = 256;

export class RecordAccount {
  readonly #limit: number;
  readonly #whole: RecordAccount | undefined;
  #used = 0;

  /** @param whole the account that this one is a part of. */
  constructor(limit: number, whole?: RecordAccount) {
    this.#limit = limit;
    this.#whole = whole;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether there was room. */
  charge(bytes: number): boolean {
    if (this.#used + bytes > this.#limit || this.#whole?.charge(bytes) === false) return false;
    this.#used += bytes;
    return true;
  }

  free(bytes: number): void {
    this.#used -= bytes;
    this.#whole?.free(bytes);
  }
}
