/** How long a method takes, as its client sees it: what is waited for before it is asked a second time. */

/** Eight buckets to each doubling, from 1/16 ms on: what is read off is at most an eighth too long. */
const PER_DOUBLING = 8;
const UNITS_PER_MS = 16;
const BUCKETS = 29 * PER_DOUBLING;
/** When so many have been seen, half of them are forgotten. */
const KEPT = 2_048;

const HEDGE = { quantile: 0.95, fewest: 20, every: 16, unknownMs: 100, shortestMs: 10 };
/** One attempt in a thousand may be given up in vain, so nothing is known before so many were seen. */
const GIVE_UP = { quantile: 0.999, fewest: 1_000, every: 256, unknownMs: Infinity, shortestMs: 100 };

export class Latencies {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;
  #seen = 0;
  #hedgeDelayMs = HEDGE.unknownMs;
  #giveUpMs = GIVE_UP.unknownMs;

  add(ms: number): void {
    const bucket = bucketOf(ms);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    this.#seen += 1;
    if (this.#seen % HEDGE.every === HEDGE.fewest % HEDGE.every) this.#hedgeDelayMs = this.#read(HEDGE);
    if (this.#seen % GIVE_UP.every === GIVE_UP.fewest % GIVE_UP.every) this.#giveUpMs = this.#read(GIVE_UP);
    if (this.#total >= KEPT) this.#halve();
  }

  /**
   * An attempt was given up, so that nobody knows how long it would have taken. It counts as one of twice the time:
   * else those that take longest would never be seen, and a server that has become slower would seem broken for ever.
   */
  gaveUp(ms: number): void {
    this.add(2 * ms);
    this.#giveUpMs = Math.max(this.#giveUpMs, this.#read(GIVE_UP));
  }

  /** What nineteen of twenty calls do not take, in milliseconds, and 10 at least. */
  get hedgeDelayMs(): number {
    return this.#hedgeDelayMs;
  }

  /** What 999 of 1,000 attempts do not take, in milliseconds, and 100 at least; Infinity until so many were seen. */
  get giveUpMs(): number {
    return this.#giveUpMs;
  }

  #read({ quantile, fewest, unknownMs, shortestMs }: typeof HEDGE): number {
    if (this.#seen < fewest) return unknownMs;
    let above = Math.floor((1 - quantile) * this.#total);
    let bucket = BUCKETS - 1;
    for (; bucket > 0; bucket -= 1) {
      above -= this.#counts[bucket] ?? 0;
      if (above < 0) break;
    }
    return Math.max(shortestMs, topOf(bucket));
  }

  #halve(): void {
    this.#total = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) >>> 1;
      this.#total += this.#counts[bucket] ?? 0;
    }
  }
}

function bucketOf(ms: number): number {
  const units = Math.min(Math.floor(ms * UNITS_PER_MS), 0x7fff_ffff);
  if (units < PER_DOUBLING) return units;
  const shift = 28 - Math.clz32(units);
  return shift * PER_DOUBLING + (units >>> shift);
}

/** The first time that the bucket does not hold, in milliseconds. */
function topOf(bucket: number): number {
  if (bucket < PER_DOUBLING) return (bucket + 1) / UNITS_PER_MS;
  const shift = Math.floor(bucket / PER_DOUBLING) - 1;
  return (((bucket % PER_DOUBLING) + PER_DOUBLING + 1) * 2 ** shift) / UNITS_PER_MS;
}
