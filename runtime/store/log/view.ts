/** What one run of a transaction sees of the store: at every read one state, though others commit meanwhile. */
import type { CommitHistory, HistoryReader } from "./commit-history.js";
import type { LogState } from "./log-state.js";
import { Reads } from "./reads.js";

/** What was read has changed; the work is run again. Handlers see it as the rejection of a read, and let it pass. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}

export class View implements HistoryReader {
  readonly state: LogState;
  readonly reads = new Reads();
  readonly #history: CommitHistory;
  #seen: number;
  #conflict: Conflict | undefined;
  #over = false;

  constructor(state: LogState, history: CommitHistory) {
    this.state = state;
    this.#history = history;
    this.#seen = history.now;
    history.enter(this);
  }

  get seen(): number {
    return this.#seen;
  }

  /** Why it cannot commit any more. */
  get conflict(): Conflict | undefined {
    return this.#conflict;
  }

  hasRead(name: string): boolean {
    return this.reads.includes(name);
  }

  /**
   * Before every read, and before the commit: all that was read before must still stand.
   * @throws Conflict
   */
  observe(): void {
    this.use();
    if (this.#conflict !== undefined) throw this.#conflict;
    const now = this.#history.now;
    if (now === this.#seen) return;
    if (!this.#history.stands(this)) throw this.fail("another transaction changed what this one has read");
    this.#seen = now;
  }

  fail(reason: string): Conflict {
    this.#conflict ??= new Conflict(`The transaction is run again: ${reason}.`);
    return this.#conflict;
  }

  /** @throws Error if the transaction is over. */
  use(): void {
    if (this.#over) throw new Error("The transaction is over: await everything that a handler does with ctx.tx before it returns.");
  }

  end(): void {
    this.#over = true;
    this.#history.leave(this);
  }
}
