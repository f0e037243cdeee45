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
  /** Tells the other side which processor this thread runs on; whether the other runs on the same. */
  shares(processor: number): boolean;
}

export interface Processors {
  /** The number of the one that this thread runs on. */
  processor(): number;
  /** Gives it to who waits for it. */
  rest(): void;
}

/** How long to look for, in milliseconds: by default, and at most. Halved each time it was in vain, down to none. */
const PATIENCE_MS = 0.05;
const MOST_PATIENCE_MS = 0.2;
const LEAST_PATIENCE_MS = 0.006;

/** Who is woken so soon after it fell asleep should have waited a little longer. */
const SHORT_SLEEP_MS = 0.25;

/**
 * Rests that take longer on average go to somebody else's work: this processor is in demand, and who gives it away gets it back late, while
 * who sleeps is woken in time. So for a while nobody rests, and longer each time that it is still so. One long rest shows nothing: the other
 * side may have collected its garbage.
 */
const LONG_REST_MS = 0.2;
const COUNTED_REST_MS = 3 * LONG_REST_MS;
const CROWDED_MS = 50;
const MOST_CROWDED_MS = 1000;

/** Timers and sockets wait no longer than this while there is work, and while there is none. */
const TURN_MS = 1;
const IDLE_TURN_MS = 0.05;

interface Watch {
  readonly polled: Pollable;
  awake: boolean;
  /** When something last moved, or when it fell asleep; undefined before the first look after it was woken. */
  since: number | undefined;
  /** Whether something was sent since something last came: to wait for an answer is another thing than to wait for what may come. */
  asked: boolean;
  /** In milliseconds, by what is waited for. */
  readonly patience: { answer: number; anything: number };
}

export class RingPoller {
  readonly #processors: Processors;
  readonly #watches = new Map<Pollable, Watch>();
  #awake: Watch[] = [];
  #due = false;
  /** When timers and sockets last had their turn. */
  #turn = 0;
  /** When something last moved, of all that is looked at. */
  #moved = 0;
  /** Whether somebody whom this side waits for needs this very processor. */
  #shared = false;
  /** How long rests took on average, the last ones most of all. */
  #restMs = 0;
  #crowdedMs = CROWDED_MS;
  #crowdedUntil = 0;

  constructor(processors: Processors) {
    this.#processors = processors;
  }

  add(polled: Pollable): void {
    const patience = { answer: PATIENCE_MS, anything: PATIENCE_MS };
    this.#watches.set(polled, { polled, awake: false, since: 0, asked: false, patience });
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
      if (rung && now - (watch.since ?? now) < SHORT_SLEEP_MS) watch.patience[awaited(watch)] = MOST_PATIENCE_MS;
    }
    watch.since = undefined;
    watch.asked = !rung;
    this.#moved = now;
    if (this.#due) return;
    this.#due = true;
    this.#turn = now;
    this.#soon();
  }

  /** After all promises that there are, what they make, and what that puts off to the end of the tick, such as writes to sockets. */
  #soon(): void {
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
    this.#meet();
    for (;;) {
      const moved = this.#pollAll();
      const now = performance.now();
      if (moved) this.#moved = now;
      else this.#letSleep(now);
      if (this.#awake.length === 0) return;
      if (!moved && this.#shared && now >= this.#crowdedUntil) this.#restFrom(now);
      if (moved || now - this.#turn > TURN_MS || now - Math.max(this.#turn, this.#moved) > IDLE_TURN_MS) {
        this.#again(now);
        return;
      }
    }
  };

  /** Learns who is on this processor: the other side can do nothing then, unless it is given away. */
  #meet(): void {
    const processor = this.#processors.processor();
    this.#shared = false;
    for (const { polled } of this.#awake) if (polled.shares(processor)) this.#shared = true;
  }

  #restFrom(before: number): void {
    this.#processors.rest();
    const after = performance.now();
    const took = after - before;
    this.#restMs += (Math.min(took, COUNTED_REST_MS) - this.#restMs) / 4;
    if (took <= LONG_REST_MS) this.#crowdedMs = CROWDED_MS;
    if (this.#restMs <= LONG_REST_MS) return;
    this.#restMs = LONG_REST_MS;
    this.#crowdedUntil = after + this.#crowdedMs;
    this.#crowdedMs = Math.min(MOST_CROWDED_MS, this.#crowdedMs * 2);
  }

  /** After what is due, and now and then after timers and sockets. */
  #again(now: number): void {
    if (this.#due || this.#awake.length === 0) return;
    this.#due = true;
    if (now - this.#turn <= TURN_MS && now - this.#moved <= IDLE_TURN_MS) this.#soon();
    else nextTurn(this.#turnNow);
  }

  #pollAll(): boolean {
    let moved = false;
    for (const watch of this.#awake) {
      if (!watch.polled.poll()) continue;
      moved = true;
      watch.since = performance.now();
      const what = awaited(watch);
      watch.patience[what] = Math.min(MOST_PATIENCE_MS, Math.max(PATIENCE_MS, watch.patience[what] * 2));
      watch.asked = false;
    }
    return moved;
  }

  #letSleep(now: number): void {
    const crowded = this.#shared && now < this.#crowdedUntil;
    let slept = false;
    for (const watch of this.#awake) {
      watch.since ??= now;
      const what = awaited(watch);
      const patience = watch.patience[what];
      if (!crowded && patience > 0 && now - watch.since <= patience) continue;
      watch.since = now;
      if (!watch.polled.sleep()) continue;
      watch.awake = false;
      watch.patience[what] = patience > LEAST_PATIENCE_MS ? patience / 2 : 0;
      slept = true;
    }
    if (slept) this.#awake = this.#awake.filter(({ awake }) => awake);
  }
}

function awaited({ asked }: Watch): "answer" | "anything" {
  return asked ? "answer" : "anything";
}
