/**
 * What keeps retries from making an outage worse: successes earn tokens, retries spend them, and none left means none
 * made.
 */

const CAPACITY = 100;
const RETRY_COST = 10;
/** Who was turned away cost the server little, and comes back later. */
const THROTTLED_COST = 5;
const FIRST_TRY_REWARD = 1;

/**
 * One a channel. With all attempts failing it allows ten retries; in the long run, one for every ten first-try
 * successes.
 */
export class RetryBudget {
  #tokens = CAPACITY;

  /** Takes the price of a retry and tells it; 0: there is none to be had. */
  spend(throttled = false): number {
    const cost = throttled ? THROTTLED_COST : RETRY_COST;
    if (this.#tokens < cost) return 0;
    this.#tokens -= cost;
    return cost;
  }

  /** @param paid for the attempt that succeeded, which is given back; 0: it was the first. */
  succeeded(paid: number): void {
    this.#tokens = Math.min(CAPACITY, this.#tokens + (paid > 0 ? paid : FIRST_TRY_REWARD));
  }

  get tokens(): number {
    return this.#tokens;
  }
}
