/**
 * Which addresses of a list are left alone for a while: those of servers that take connections and fail every call.
 * Who does not even answer is found out by connecting.
 */
import type { Clock } from "../clock.js";

const FAILURES_IN_A_ROW = 5;
/** Ejections end at sweeps, so that those that began together end together. */
const SWEEP_MS = 10_000;
/** The first time; the n-th takes n times as long. */
const BASE_MS = 30_000;
/** Of the addresses, and one at least: were all of them bad, there would be nowhere better to go. */
const MAX_SHARE = 0.1;

class Health {
  failures = 0;
  /** On the clock's scale. */
  ejectedUntil = -Infinity;
  ejections = 0;
}

export class Ejection {
  readonly #health: ReadonlyMap<string, Health>;
  readonly #clock: Clock;
  readonly #most: number;

  constructor(addresses: readonly string[], clock: Clock) {
    this.#health = new Map(addresses.map((address) => [address, new Health()]));
    this.#clock = clock;
    this.#most = this.#health.size < 2 ? 0 : Math.max(1, Math.floor(this.#health.size * MAX_SHARE));
  }

  /** A call failed there for a reason that is the server's. Whether that was one too many: others are to be tried. */
  failed(address: string): boolean {
    const health = this.#health.get(address);
    if (health === undefined) return false;
    health.failures += 1;
    if (health.failures < FAILURES_IN_A_ROW || this.isEjected(address)) return false;
    if ([...this.#health.keys()].filter((other) => this.isEjected(other)).length >= this.#most) return false;
    const now = this.#clock.now();
    // Each sweep that passed without an ejection makes up for one of those before.
    const sweeps = Math.floor(Math.max(0, now - health.ejectedUntil) / SWEEP_MS);
    health.ejections = Math.max(0, health.ejections - sweeps) + 1;
    health.ejectedUntil = Math.ceil((now + BASE_MS * health.ejections) / SWEEP_MS) * SWEEP_MS;
    health.failures = 0;
    return true;
  }

  answered(address: string): void {
    const health = this.#health.get(address);
    if (health !== undefined) health.failures = 0;
  }

  isEjected(address: string): boolean {
    return (this.#health.get(address)?.ejectedUntil ?? -Infinity) > this.#clock.now();
  }
}
