/** How many unary handlers run at once, how many calls wait for a place, and when one more is turned away. */
import { Chain, type Chained } from "../chain.js";
import type { Clock } from "../clock.js";
import { RANKS } from "../criticality.js";
import type { ServerLimits } from "./server-limits.js";

/** Something that waits for a place. */
export interface Candidate extends Chained<Candidate> {
  /** Of its criticality; the lowest goes first. */
  readonly rank: number;
  /**
   * It has a place now. It may turn out that it does not need it any more, and must leave all the same.
   * @param waited whether time has passed since it asked.
   */
  admitted(waited: boolean): void;
  /** Its place in the queue went to one that is needed more. */
  displaced(): void;
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
  /** By rank. */
  readonly #queues: readonly Chain<Candidate>[] = Array.from({ length: RANKS }, () => new Chain<Candidate>());
  #waiting = 0;
  #running = 0;
  /** Places that are free and not yet handed on, while they are. */
  #free = 0;
  #handsOn = false;
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
    if (this.#waiting >= this.#room() && !this.#displace(candidate.rank)) return false;
    this.#queueOf(candidate).push(candidate);
    this.#waiting += 1;
    return true;
  }

  /** Who was admitted is done. */
  leave(): void {
    this.#left += 1;
    this.#free += 1;
    // Who is let in may be done at once: the next of a long queue are let in here, and not each by the one before, for which no stack is high enough.
    if (this.#handsOn) return;
    this.#handsOn = true;
    try {
      for (; this.#free > 0; this.#free -= 1) this.#handOn();
    } finally {
      this.#handsOn = false;
    }
  }

  /** Who waits does not any more. Does nothing for who was not waiting. */
  withdraw(candidate: Candidate): void {
    const queue = this.#queueOf(candidate);
    if (candidate.previous === undefined && queue.first !== candidate) return;
    queue.remove(candidate);
    this.#waiting -= 1;
  }

  #handOn(): void {
    const next = this.#queues.find(({ first }) => first !== undefined)?.first;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.withdraw(next);
    next.admitted(true);
  }

  /** Makes room for a candidate at the cost of one that is needed less: of the least needed, the one that came last. */
  #displace(rank: number): boolean {
    for (let lower = RANKS - 1; lower > rank; lower -= 1) {
      const last = this.#queues[lower]?.last;
      if (last === undefined) continue;
      this.withdraw(last);
      last.displaced();
      return true;
    }
    return false;
  }

  #queueOf({ rank }: Candidate): Chain<Candidate> {
    const queue = this.#queues[rank];
    if (queue === undefined) throw new RangeError(`there is no rank ${rank}`);
    return queue;
  }

  /** How many may wait. The clock is asked only by those who find every place taken. */
  #room(): number {
    const now = this.#clock.now();
    if (this.#waiting === 0) {
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
