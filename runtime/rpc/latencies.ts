/** How long a method takes, as its client sees it: what a second attempt waits for before it is sent. */
import type { AnyMethod } from "./descriptor.js";

const KEPT = 128;
/** How often the quantile is looked for anew. */
const EVERY = 16;
const QUANTILE = 0.95;
const FEWEST = 20;
/** As long as little has been seen. */
const UNKNOWN_MS = 100;
const SHORTEST_MS = 10;

export class Latencies {
  readonly #samples = new Float64Array(KEPT);
  #count = 0;
  #delayMs = UNKNOWN_MS;

  add(ms: number): void {
    this.#samples[this.#count % KEPT] = ms;
    this.#count += 1;
    if (this.#count < FEWEST || this.#count % EVERY !== FEWEST % EVERY) return;
    const sorted = this.#samples.slice(0, Math.min(this.#count, KEPT)).sort();
    this.#delayMs = Math.max(SHORTEST_MS, sorted[Math.ceil(QUANTILE * sorted.length) - 1] ?? UNKNOWN_MS);
  }

  /** What nineteen of twenty calls do not take, in milliseconds, and 10 at least. */
  get hedgeDelayMs(): number {
    return this.#delayMs;
  }
}

/** Of the methods that are hedged. */
export class LatencyTable {
  readonly #methods = new WeakMap<AnyMethod, Latencies>();

  of(method: AnyMethod): Latencies {
    let latencies = this.#methods.get(method);
    if (latencies === undefined) this.#methods.set(method, (latencies = new Latencies()));
    return latencies;
  }
}
