/** Text in order, in runs short enough that an insertion moves little. */

/** A run is split in two beyond this. */
const LONGEST_RUN = 512;

export class SortedKeys {
  /** None is empty. */
  readonly #runs: string[][] = [];

  add(key: string): void {
    const at = this.#runOf(key);
    const run = this.#runs[at];
    if (run === undefined) {
      this.#runs.push([key]);
      return;
    }
    const index = lowerBound(run, key);
    if (run[index] === key) return;
    run.splice(index, 0, key);
    if (run.length > LONGEST_RUN) this.#runs.splice(at + 1, 0, run.splice(LONGEST_RUN / 2));
  }

  delete(key: string): void {
    const at = this.#runOf(key);
    const run = this.#runs[at];
    if (run === undefined) return;
    const index = lowerBound(run, key);
    if (run[index] !== key) return;
    run.splice(index, 1);
    if (run.length === 0) this.#runs.splice(at, 1);
  }

  /** The first key that is not before `key`, or behind it if `beyond`. */
  next(key: string, beyond: boolean): string | undefined {
    const at = this.#runOf(key);
    const run = this.#runs[at];
    if (run === undefined) return undefined;
    let index = lowerBound(run, key);
    if (beyond && run[index] === key) index += 1;
    return run[index] ?? this.#runs[at + 1]?.[0];
  }

  /** The last run that begins at or before the key, else the first. */
  #runOf(key: string): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.[0] ?? "") <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

function lowerBound(run: readonly string[], key: string): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((run[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
