/** The store of a cell: a real one, which can be away, and be lost at a commit, when it is told to. */
import { memoryStore, type MemoryTransaction } from "../../runtime/index.js";
import {
  CommitUnknown,
  StoreUnavailable,
  type Completion,
  type CompletionKey,
  type CompletionStore,
  type StoreTransaction,
} from "../../runtime/idempotency/completion-store.js";
import type { OpenedStore } from "../store/stores.js";

/** What handlers know as `ctx.tx`. */
export interface CellTx {
  /** Counts one more under the name. */
  count(name: string): Promise<void>;
}

/** Makes the transaction roll back. */
class Vanished extends Error {}

class ProcessGone extends Error {}

/** Completions outlive every test, as the `retain` of the cells' service asks for. */
export const RETENTION_MS = 86_400_000;

export class CellStore implements CompletionStore<CellTx> {
  readonly id: string;
  readonly retentionMs: number;
  down = false;
  /** What becomes of the next commit; the store is down behind it. */
  loseCommit: "stands" | "vanishes" | undefined;
  readonly #opened: OpenedStore;
  /** Of the transactions under way. */
  readonly #undo = new Set<(error: Error) => void>();

  constructor(opened: OpenedStore) {
    this.#opened = opened;
    this.id = opened.store.id;
    this.retentionMs = opened.store.retentionMs;
  }

  /** What stands under the name, whether the store is down for others or not. */
  counted(name: string): Promise<number> {
    return this.#opened.store.transact(async (transaction) => (await this.#opened.read(transaction, name)) ?? 0);
  }

  async transact<T>(work: (transaction: StoreTransaction<CellTx>) => Promise<T>): Promise<T> {
    this.#reach();
    const { loseCommit } = this;
    try {
      const result = await this.#opened.store.transact(async (transaction) => {
        const done = await this.#unlessGone(work(this.#seenBy(transaction)));
        this.#reach();
        if (loseCommit === "vanishes") throw new Vanished();
        return done;
      });
      if (loseCommit === undefined) return result;
    } catch (error) {
      if (!(error instanceof Vanished)) throw error;
    }
    this.loseCommit = undefined;
    this.down = true;
    throw new CommitUnknown("the store went away while it committed");
  }

  async find(key: CompletionKey): Promise<Completion | undefined> {
    this.#reach();
    return this.#opened.store.find(key);
  }

  acknowledge(principal: string, client: string, below: number): Promise<void> {
    return this.#opened.store.acknowledge(principal, client, below);
  }

  collect(now: number): Promise<number> {
    return this.#opened.store.collect(now);
  }

  /** The process that has transactions under way died: they are undone, though its handlers may hang for ever. */
  processGone(): void {
    for (const undo of [...this.#undo]) undo(new ProcessGone("the process of the transaction is gone"));
  }

  close(): Promise<void> {
    this.processGone();
    return this.#opened.store.close();
  }

  #unlessGone<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#undo.add(reject);
      void work.then(resolve, reject).finally(() => this.#undo.delete(reject));
    });
  }

  #seenBy(transaction: StoreTransaction<unknown>): StoreTransaction<CellTx> {
    return {
      tx: { count: async (name) => this.#opened.write(transaction, name, ((await this.#opened.read(transaction, name)) ?? 0) + 1) },
      find: (key) => transaction.find(key),
      watermark: (principal, client) => transaction.watermark(principal, client),
      put: (key, completion) => transaction.put(key, completion),
    };
  }

  #reach(): void {
    if (this.down) throw new StoreUnavailable("the store cannot be reached");
  }
}

/** For the cells of promises that need no store beyond memory. */
export function openMemory(id: string): OpenedStore {
  const txOf = (transaction: StoreTransaction<unknown>): MemoryTransaction => transaction.tx as MemoryTransaction;
  return {
    store: memoryStore({ id, retentionMs: RETENTION_MS }) as CompletionStore<unknown>,
    read: (transaction, name) => txOf(transaction).get<number>(name),
    write: (transaction, name, value) => txOf(transaction).put(name, value),
    async all(transaction) {
      const found: Record<string, number> = {};
      for await (const { key, value } of txOf(transaction).scan()) found[key] = Number(value);
      return found;
    },
  };
}
