/**
 * A store whose failures the server's operator is told of: callers learn no more than that it failed, and the reason and its remedy
 * stand in its own words. Of its transactions, the first that fails is told, and the next after it has worked again: not one for each call of an outage.
 */
import { CommitUnknown, StoreUnavailable, type Completion, type CompletionKey, type CompletionStore, type StoreTransaction } from "./completion-store.js";

export class ReportedStore<Tx> implements CompletionStore<Tx> {
  readonly #store: CompletionStore<Tx>;
  readonly #report: (error: unknown) => void;
  #failing = false;

  constructor(store: CompletionStore<Tx>, report: (error: unknown) => void) {
    this.#store = store;
    this.#report = report;
  }

  get id(): string {
    return this.#store.id;
  }

  get retentionMs(): number {
    return this.#store.retentionMs;
  }

  async transact<T>(work: (transaction: StoreTransaction<Tx>) => Promise<T>): Promise<T> {
    try {
      const result = await this.#store.transact(work);
      this.#failing = false;
      return result;
    } catch (error) {
      // What the work itself threw is no failure of the store.
      const failed = error instanceof StoreUnavailable || error instanceof CommitUnknown;
      if (failed && !this.#failing) this.#report(error);
      this.#failing = failed;
      throw error;
    }
  }

  find(key: CompletionKey): Promise<Completion | undefined> {
    return this.#store.find(key);
  }

  acknowledge(principal: string, client: string, below: number): Promise<void> {
    return this.#store.acknowledge(principal, client, below);
  }

  collect(now: number): Promise<number> {
    return this.#store.collect(now);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
