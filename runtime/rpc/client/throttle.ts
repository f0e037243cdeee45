/**
 * Turns calls away before they are sent, while their server turns most of them away itself: refusing costs a server
 * something, too, and who is refused at home is refused sooner.
 */
import type { Clock } from "../clock.js";
import { RANKS } from "../criticality.js";
import type { Random } from "../random.js";

/** What is counted is forgotten after two minutes, a portion at a time. */
const PORTION_MS = 10_000;
const PORTIONS = 12;
/** For each call that is accepted so many are sent, so that a server which can do more again is seen to. */
const SENT_PER_ACCEPTED = 2;
/**
 * An overloaded server refuses every second call that is sent, for twice as many are sent as it takes. One that has
 * refused none for so long, out of so many, is overloaded no more.
 */
const QUIET_MS = 1_000;
const QUIET_CALLS = 10;
/** A refusal that is older says nothing of the server as it is now. */
const STALE_MS = 2_000;
/** One call in so many is sent in any case, and one in so long: else nobody would learn that the server is well again. */
const SENT_OF = 10;
const SENT_EVERY_MS = 1_000;
/** Nothing is held back before so many were counted: a few refusals in a row are chance. */
const FEWEST = 20;

/** Calls of one class. It is made when the first of them is refused, and dropped when it has nothing more to do. */
class Refusals {
  readonly #requests = new Float64Array(PORTIONS);
  readonly #accepted = new Float64Array(PORTIONS);
  readonly #clock: Clock;
  #portion: number;
  #refusedAt: number;
  #sentAt: number;
  #acceptedSince = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#refusedAt = clock.now();
    this.#sentAt = this.#refusedAt;
    this.#portion = Math.floor(this.#refusedAt / PORTION_MS);
  }

  /** Whether another call may be sent. */
  admits(random: Random): boolean {
    const requests = sum(this.#requests);
    const excess = (requests - SENT_PER_ACCEPTED * sum(this.#accepted)) / (requests + 1);
    this.#count(this.#requests);
    const now = this.#clock.now();
    const share = requests < FEWEST ? 0 : Math.min(excess, 1 - 1 / SENT_OF);
    const sent = random.fraction() >= share || now - this.#sentAt >= SENT_EVERY_MS;
    if (sent) this.#sentAt = now;
    return sent;
  }

  refused(): void {
    this.#refusedAt = this.#clock.now();
    this.#acceptedSince = 0;
  }

  get isStale(): boolean {
    return this.#clock.now() - this.#refusedAt >= STALE_MS;
  }

  /** Whether the server has had room for some time. */
  accepted(): boolean {
    this.#count(this.#accepted);
    this.#acceptedSince += 1;
    return this.#acceptedSince >= QUIET_CALLS && this.#clock.now() - this.#refusedAt >= QUIET_MS;
  }

  #count(portions: Float64Array): void {
    const now = Math.floor(this.#clock.now() / PORTION_MS);
    for (let gone = Math.min(now - this.#portion, PORTIONS); gone > 0; gone -= 1) {
      this.#requests[(now - gone + 1) % PORTIONS] = 0;
      this.#accepted[(now - gone + 1) % PORTIONS] = 0;
    }
    this.#portion = now;
    portions[now % PORTIONS] = (portions[now % PORTIONS] ?? 0) + 1;
  }
}

/** One a channel, with counts for each class: what is shed of the lower ones says nothing of the higher. */
export class Throttle {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #classes: (Refusals | undefined)[] = new Array<undefined>(RANKS).fill(undefined);

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether a call may be sent: asked once a call. */
  admits(rank: number): boolean {
    const refusals = this.#classes[rank];
    if (refusals?.isStale === true) this.#classes[rank] = undefined;
    else if (refusals !== undefined) return refusals.admits(this.#random);
    return true;
  }

  /** The server turned an attempt away for having too much to do. */
  refused(rank: number): void {
    (this.#classes[rank] ??= new Refusals(this.#clock)).refused();
  }

  /** The server took an attempt, whatever came of it. */
  accepted(rank: number): void {
    if (this.#classes[rank]?.accepted() === true) this.#classes[rank] = undefined;
  }
}

function sum(portions: Float64Array): number {
  let total = 0;
  for (const count of portions) total += count;
  return total;
}
