/** How many unary handlers run at once, how many calls wait for a place, and when one more is turned away. */
import type { Clock } from "./clock.js";
import type { ServerLimits } from "./limits.js";

/** Something that waits for a place. */
export interface Candidate {
  /**
   * It has a place now. It may turn out that it does not need it any more, and must leave all the same.
   * @param waited whether time has passed since it asked.
   */
  admitted(waited: boolean): void;
}

/**
 * The queue holds what the server does in so long, by the rate that was seen last: who stands further behind is better
 * told at once, for his deadline would pass in it.
 */
const QUEUE_MS = 100;
const SHORTEST_QUEUE = 16;

export class Admission {
  readonly #limits: Pick<ServerLimits, "maxRunning" | "maxQueued">;
  readonly #clock: Clock;
  readonly #queue = new Set<Candidate>();
  #running = 0;
  /** How many have left since the rate was last seen, while others waited. */
  #left = 0;
  #seenAt = 0;
  /** Undefined until it has been seen. */
  #perQueue: number | undefined;

  constructor(limits: Pick<ServerLimits, "maxRunning" | "maxQueued">, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Calls `admitted`, now or later. False: there is no room, not even to wait. */
  enter(candidate: Candidate): boolean {
    if (this.#running < this.#limits.maxRunning) {
      this.#running += 1;
      candidate.admitted(false);
      return true;
    }
    if (this.#queue.size >= this.#room()) return false;
    this.#queue.add(candidate);
    return true;
  }

  /** Who was admitted is done. */
  leave(): void {
    this.#left += 1;
    const [next] = this.#queue;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#queue.delete(next);
    next.admitted(true);
  }

  /** Who waits does not any more. False: it was not waiting. */
  withdraw(candidate: Candidate): boolean {
    return this.#queue.delete(candidate);
  }

  /** How many may wait. The clock is asked only by those who find every place taken. */
  #room(): number {
    const now = this.#clock.now();
    if (this.#queue.size === 0) {
      this.#seenAt = now;
      this.#left = 0;
    } else if (now - this.#seenAt >= QUEUE_MS) {
      this.#perQueue = (this.#left / (now - this.#seenAt)) * QUEUE_MS;
      this.#seenAt = now;
      this.#left = 0;
    }
    const { maxQueued } = this.#limits;
    return this.#perQueue === undefined ? maxQueued : Math.min(maxQueued, Math.max(SHORTEST_QUEUE, this.#perQueue));
  }
}
