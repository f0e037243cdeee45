/** One listener on an AbortSignal for all the calls that it ends: a signal that many calls share is not taken for a leak. */

/** What is to be told of one signal's abort. */
class AbortWatch {
  readonly #signal: AbortSignal;
  readonly #told = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(tell: () => void): void {
    if (this.#told.size === 0) this.#signal.addEventListener("abort", this.#aborted, { once: true });
    this.#told.add(tell);
  }

  remove(tell: () => void): void {
    if (this.#told.delete(tell) && this.#told.size === 0) this.#signal.removeEventListener("abort", this.#aborted);
  }

  /** Who leaves meanwhile, for another that was told ended it, is not told. */
  readonly #aborted = (): void => {
    for (const tell of this.#told) {
      this.#told.delete(tell);
      tell();
    }
  };
}

const watches = new WeakMap<AbortSignal, AbortWatch>();

/**
 * Tells once, unless that is taken back before by what is returned.
 * @param tell a function of its own each time; must not throw.
 */
export function watchAbort(signal: AbortSignal, tell: () => void): () => void {
  let watch = watches.get(signal);
  if (watch === undefined) watches.set(signal, (watch = new AbortWatch(signal)));
  watch.add(tell);
  return () => watch.remove(tell);
}
