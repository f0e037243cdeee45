/** How often a client may open a call only to leave it: the cheapest way to keep a server busy. */
import { FrameError } from "../frame-reader.js";
import type { Timers } from "../timers.js";

/** What may be used at once, in seconds of the steady rate. */
const BURST_SECONDS = 4;

export class CancelRate {
  readonly #perSecond: number;
  readonly #timers: Timers;
  #left: number;
  #countedAt: number;

  constructor(perSecond: number, timers: Timers) {
    this.#perSecond = perSecond;
    this.#timers = timers;
    this.#left = perSecond * BURST_SECONDS;
    this.#countedAt = timers.clock.now();
  }

  /** @throws FrameError if it was one too many. */
  count(): void {
    const now = this.#timers.clock.now();
    const earned = ((now - this.#countedAt) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond * BURST_SECONDS, this.#left + earned) - 1;
    this.#countedAt = now;
    if (this.#left < 0) throw new FrameError("calls are cancelled faster than the server allows");
  }
}
