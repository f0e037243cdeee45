/** Lets transactions that keep running into others go one at a time, in order. It spares work; it is not what keeps them apart. */

/** Who stays longer lets the next one in beside it: it may be waiting for a call that stands behind it here. */
const LONGEST_TURN_MS = 1_000;

export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** Resolves when it is the caller's turn, with how to end it. */
  async enter(): Promise<() => void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    let ended = false;
    const leave = (): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken = false;
      else next();
    };
    const timer = setTimeout(leave, LONGEST_TURN_MS);
    return leave;
  }
}
