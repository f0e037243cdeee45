/** How many unary handlers run at once, how many calls wait for a place, and when one more is turned away. */
import type { ServerLimits } from "./limits.js";

/** Something that waits for a place. */
export interface Candidate {
  /** It has a place now. It may turn out that it does not need it any more, and must leave all the same. */
  admitted(): void;
}

export class Admission {
  readonly #limits: ServerLimits;
  readonly #queue = new Set<Candidate>();
  #running = 0;

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  /** Calls `admitted`, now or later. False: there is no room, not even to wait. */
  enter(candidate: Candidate): boolean {
    if (this.#running < this.#limits.maxRunning) {
      this.#running += 1;
      candidate.admitted();
      return true;
    }
    if (this.#queue.size >= this.#limits.maxQueued) return false;
    this.#queue.add(candidate);
    return true;
  }

  /** Who was admitted is done. */
  leave(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#queue.delete(next);
    next.admitted();
  }

  /** Who waits does not any more. False: it was not waiting. */
  withdraw(candidate: Candidate): boolean {
    return this.#queue.delete(candidate);
  }
}
