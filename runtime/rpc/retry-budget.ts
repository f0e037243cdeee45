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

  /** Takes the price of a retry, or says that there is none to be had. */
  spend(throttled = false): boolean {
    const cost = throttled ? THROTTLED_COST : RETRY_COST;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** A retry that succeeded gives its price back. */
  succeeded(attempts: number): void {
    this.#tokens = Math.min(CAPACITY, this.#tokens + (attempts > 1 ? RETRY_COST : FIRST_TRY_REWARD));
  }

  get tokens(): number {
    return this.#tokens;
  }
}
