/** Which keys the last commits changed: whether what a transaction read still stands is decided by it. */

/** Who began more commits ago than this and has read nothing since is run again, whatever it read: memory has an end. */
const MOST_COMMITS = 1_000_000;
const LOOK_AFTER = 1_024;

/** Somebody who reads: a transaction under way. */
export interface HistoryReader {
  /** How many commits there were when all that it read was last found to stand. */
  readonly seen: number;
  hasRead(name: string): boolean;
}

export class CommitHistory {
  /** Keys that each commit changed, as transactions name them. */
  readonly #commits: (readonly string[])[] = [];
  readonly #readers = new Set<HistoryReader>();
  #dropped = 0;
  #lookAt = LOOK_AFTER;

  /** How many commits there were. */
  get now(): number {
    return this.#dropped + this.#commits.length;
  }

  /** What it may still have to ask about is kept until it leaves. */
  enter(reader: HistoryReader): void {
    this.#readers.add(reader);
  }

  leave(reader: HistoryReader): void {
    this.#readers.delete(reader);
  }

  add(names: readonly string[]): void {
    if (this.#commits.push(names) >= this.#lookAt) this.#drop();
  }

  /** Whether no commit since the reader last looked changed anything that it has read. */
  stands(reader: HistoryReader): boolean {
    if (reader.seen < this.#dropped) return false;
    for (let at = reader.seen - this.#dropped; at < this.#commits.length; at++) {
      for (const name of this.#commits[at] ?? []) if (reader.hasRead(name)) return false;
    }
    return true;
  }

  #drop(): void {
    let needed = this.now;
    for (const { seen } of this.#readers) needed = Math.min(needed, seen);
    const count = Math.max(needed - this.#dropped, this.#commits.length - MOST_COMMITS, 0);
    this.#commits.splice(0, count);
    this.#dropped += count;
    // Not at every commit while a slow transaction holds them.
    this.#lookAt = this.#commits.length * 2 + LOOK_AFTER;
  }
}
