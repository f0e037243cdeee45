/**
 * How much of long frames may be under way at once. What is under way is what a small frame has to wait for, so no more than keeps the
 * path busy: the window grows while pieces come through as fast as ever, and shrinks when they queue.
 */
import type { Clock } from "./clock.js";

/** In pieces. */
const FIRST = 4;
const LEAST = 2;
const MOST = 256;

/** A piece that took no longer than so much of the quickest did not wait. */
const UNHINDERED = 1.25;
/** One that took so much of it, and so many milliseconds more, did. */
const QUEUED = 2;
const QUEUED_MS = 1;
/** By so much the quickest is forgotten with each piece: paths change. */
const FORGETTING = 1.01;

export class PieceWindow {
  readonly #clock: Clock;
  /** When the pieces under way left, on the clock's scale. */
  readonly #sentAt: number[] = [];
  #size = FIRST;
  #quickestMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get open(): boolean {
    return this.#sentAt.length < this.#size;
  }

  sent(): void {
    this.#sentAt.push(this.#clock.now());
  }

  /** The peer has taken so many pieces more; more than were sent is nothing. */
  taken(pieces: number): void {
    const filled = !this.open;
    const last = this.#sentAt.splice(0, pieces).at(-1);
    if (last !== undefined) this.#adjust(this.#clock.now() - last, filled);
  }

  #adjust(tookMs: number, filled: boolean): void {
    this.#quickestMs = Math.min(tookMs, this.#quickestMs * FORGETTING);
    if (tookMs > QUEUED * this.#quickestMs + QUEUED_MS) this.#size = Math.max(LEAST, this.#size - 1);
    else if (filled && tookMs <= UNHINDERED * this.#quickestMs) this.#size = Math.min(MOST, this.#size + 1);
  }
}
