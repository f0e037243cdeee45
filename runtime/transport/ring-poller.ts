/**
 * Looks at rings for a short while before it sleeps: where the other side is quick, that saves the wake-up, which costs a hundred times
 * the rest. One for all links of a thread, so that none looks at its own ring while another has work.
 *
 * It runs where the frames of a tick are done with: after all promises, and before the event loop looks at timers and sockets, which get
 * their turn after a millisecond at the latest.
 */
import { nextTurn, soon } from "./turns.js";

/** What is looked at. */
export interface Pollable {
  /** Does what can be done now; whether there was anything. */
  poll(): boolean;
  /** Asks the other side to wake it; false where something came by now. */
  sleep(): boolean;
}

/** Looks without a pause in between; after these the other side gets the processor, which may be the only one. */
const BUSY_LOOKS = 40;

/** How long to look for, in milliseconds: by default, and at most. Halved each time it was in vain, down to nothing but the busy looks. */
const PATIENCE_MS = 0.05;
const MOST_PATIENCE_MS = 0.1;
const LEAST_PATIENCE_MS = 0.006;

/** Who is woken so soon after it fell asleep should have waited a little longer. */
const SHORT_SLEEP_MS = 0.25;

/**
 * A rest that took longer went to somebody else's work: the processor is in demand, and who gives it away gets it back late, while who sleeps
 * is woken in time. So for a while nobody rests here.
 */
const LONG_REST_MS = 0.2;
const CROWDED_MS = 50;

/** Timers and sockets wait no longer than this. */
const TURN_MS = 1;

interface Watch {
  readonly polled: Pollable;
  awake: boolean;
  /** When something last moved, or when it fell asleep. */
  since: number;
  patience: number;
}

export class RingPoller {
  readonly #rest: () => void;
  readonly #watches = new Map<Pollable, Watch>();
  #awake: Watch[] = [];
  #due = false;
  #turn = 0;
  #crowdedUntil = 0;

  /** @param rest gives the processor to who waits for it, for a tenth of a millisecond at most if nobody else wants it. */
  constructor(rest: () => void) {
    this.#rest = rest;
  }

  add(polled: Pollable): void {
    this.#watches.set(polled, { polled, awake: false, since: 0, patience: PATIENCE_MS });
  }

  remove(polled: Pollable): void {
    const watch = this.#watches.get(polled);
    if (watch === undefined) return;
    this.#watches.delete(polled);
    this.#awake = this.#awake.filter((each) => each !== watch);
  }

  /** Something was sent, or may have come. `rung` where the other side said so. */
  wake(polled: Pollable, rung: boolean): void {
    const watch = this.#watches.get(polled);
    if (watch === undefined) return;
    const now = performance.now();
    if (!watch.awake) {
      watch.awake = true;
      this.#awake.push(watch);
      if (rung && now - watch.since < SHORT_SLEEP_MS) watch.patience = MOST_PATIENCE_MS;
    }
    watch.since = now;
    if (this.#due) return;
    this.#turn = now;
    this.#soon();
  }

  /** After all promises that there are, what they make, and what that puts off to the end of the tick, such as writes to sockets. */
  #soon(): void {
    this.#due = true;
    queueMicrotask(this.#later);
  }

  readonly #later = (): void => soon(this.#last);
  readonly #last = (): void => soon(this.#look);

  readonly #turnNow = (): void => {
    this.#turn = performance.now();
    this.#look();
  };

  readonly #look = (): void => {
    this.#due = false;
    for (let looks = 1; this.#awake.length > 0; looks += 1) {
      if (this.#pollAll()) {
        this.#again();
        return;
      }
      if (looks <= BUSY_LOOKS) continue;
      const now = this.#restNow();
      this.#letSleep(now);
      if (now - this.#turn <= TURN_MS) continue;
      this.#again();
      return;
    }
  };

  /** The time after it. */
  #restNow(): number {
    const before = performance.now();
    if (before < this.#crowdedUntil) return before;
    this.#rest();
    const now = performance.now();
    if (now - before > LONG_REST_MS) this.#crowdedUntil = now + CROWDED_MS;
    return now;
  }

  #again(): void {
    if (this.#due || this.#awake.length === 0) return;
    if (performance.now() - this.#turn <= TURN_MS) {
      this.#soon();
      return;
    }
    this.#due = true;
    nextTurn(this.#turnNow);
  }

  #pollAll(): boolean {
    let moved = false;
    for (const watch of this.#awake) {
      if (!watch.polled.poll()) continue;
      moved = true;
      watch.since = performance.now();
      watch.patience = Math.min(MOST_PATIENCE_MS, Math.max(PATIENCE_MS, watch.patience * 2));
    }
    return moved;
  }

  #letSleep(now: number): void {
    for (const watch of this.#awake) {
      if (now - watch.since < watch.patience && now >= this.#crowdedUntil) continue;
      watch.since = now;
      if (!watch.polled.sleep()) continue;
      watch.awake = false;
      watch.patience = watch.patience > LEAST_PATIENCE_MS ? watch.patience / 2 : 0;
    }
    if (this.#awake.some(({ awake }) => !awake)) this.#awake = this.#awake.filter(({ awake }) => awake);
  }
}
