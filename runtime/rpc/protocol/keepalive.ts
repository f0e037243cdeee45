/** Finds out that a peer is gone without a word, while calls depend on it. */
import type { Limits } from "../limits.js";
import { Timed, type Timers } from "../timers.js";

export interface Pinger {
  /** Whether any call is in flight; an idle connection is left in peace. */
  busy(): boolean;
  /** Whether nothing is read from the peer, which then cannot be heard: how long it may take nothing is the outbox's to say. */
  deaf(): boolean;
  ping(): void;
  dead(silentMs: number): void;
}

/**
 * It looks at intervals instead of resetting a timer with each frame: silence is noticed after one to two intervals.
 */
export class Keepalive extends Timed {
  override readonly holdsProcess = false;
  readonly #timers: Timers;
  readonly #limits: Limits;
  readonly #pinger: Pinger;
  #heard = false;
  #pinged = false;

  constructor(timers: Timers, limits: Limits, pinger: Pinger) {
    super();
    this.#timers = timers;
    this.#limits = limits;
    this.#pinger = pinger;
  }

  /** Something came from the peer. */
  heard(): void {
    this.#heard = true;
  }

  /** A call begins. */
  watch(): void {
    if (this.heapIndex < 0 && this.#limits.keepaliveMs > 0) this.#look(this.#limits.keepaliveMs);
  }

  stop(): void {
    this.#timers.clear(this);
  }

  override due(): void {
    if (this.#pinger.deaf()) this.#heard = true;
    if (!this.#heard && this.#pinged) {
      return this.#pinger.dead(this.#limits.keepaliveTimeoutMs);
    }
    if (!this.#pinger.busy()) {
      this.#pinged = false;
      return;
    }
    this.#pinged = !this.#heard;
    if (this.#pinged) this.#pinger.ping();
    this.#look(this.#pinged ? this.#limits.keepaliveTimeoutMs : this.#limits.keepaliveMs);
  }

  #look(delayMs: number): void {
    this.#heard = false;
    this.#timers.set(this, this.#timers.clock.now() + delayMs);
  }
}
