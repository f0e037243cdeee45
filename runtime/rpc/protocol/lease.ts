/**
 * How long the two ends of a `@failStop` session trust each other in silence. Both count from what they heard last, and
 * either gives up alone: a peer that is slow beyond it is treated as gone, and then is.
 */
import { Timed, type Timers } from "../timers.js";

/** How often within the lease a sign of life is asked for, and looked for. */
const BEATS = 3;

export interface LeaseHolder {
  /** Asks the peer for a sign of life. */
  ping(): void;
  lapsed(silentMs: number): void;
}

export class Lease extends Timed {
  override readonly holdsProcess = false;
  readonly #timers: Timers;
  readonly #leaseMs: number;
  readonly #holder: LeaseHolder;
  #silent = 0;

  constructor(timers: Timers, leaseMs: number, holder: LeaseHolder) {
    super();
    this.#timers = timers;
    this.#leaseMs = leaseMs;
    this.#holder = holder;
    this.#wait();
  }

  /** Something came from the peer. */
  heard(): void {
    this.#silent = 0;
  }

  stop(): void {
    this.#timers.clear(this);
  }

  override due(): void {
    this.#silent += 1;
    if (this.#silent >= BEATS) return this.#holder.lapsed(this.#leaseMs);
    this.#holder.ping();
    this.#wait();
  }

  #wait(): void {
    this.#timers.set(this, this.#timers.clock.now() + this.#leaseMs / BEATS);
  }
}
