/**
 * A completion store in memory, with the user's data beside the completions. It keeps every promise of a store but the
 * one that matters in production, to be there after the process: for tests and examples.
 */
import { checkNames, type NamesOf } from "../wire/known-names.js";
import {
  CompletionExists,
  StoreUnavailable,
  type Completion,
  type CompletionKey,
  type CompletionStore,
  type StoreTransaction,
} from "./completion-store.js";
import { MemoryTransaction, type Cell } from "./memory-transaction.js";

export interface MemoryStoreOptions {
  /** Default "memory". Servers that are given one store object, or two of one id, may take calls from each other. */
  readonly id?: string | undefined;
  /** Default 24 h. */
  readonly retentionMs?: number | undefined;
}

interface Kept {
  readonly key: CompletionKey;
  readonly completion: Completion;
}

const NAMES: NamesOf<MemoryStoreOptions> = { id: 0, retentionMs: 0 };

const DAY_MS = 86_400_000;
const MOST_RUNS = 20;

/** @throws TypeError for an unknown option. */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  checkNames("memoryStore", options, NAMES);
  return new MemoryStore(options);
}

/** Transactions run beside each other; one whose reads another has changed before it commits is run again. */
export class MemoryStore implements CompletionStore<MemoryTransaction> {
  readonly id: string;
  readonly retentionMs: number;
  /** The user's data. */
  readonly #data = new Map<string, Cell>();
  readonly #completions = new Map<string, Kept>();
  readonly #watermarks = new Map<string, number>();
  #version = 0;

  constructor({ id = "memory", retentionMs = DAY_MS }: MemoryStoreOptions) {
    this.id = id;
    this.retentionMs = retentionMs;
  }

  async transact<T>(work: (transaction: StoreTransaction<MemoryTransaction>) => Promise<T>): Promise<T> {
    for (let run = 0; run < MOST_RUNS; run += 1) {
      const tx = new MemoryTransaction(this.#data);
      const puts: Kept[] = [];
      const looked = new Map<string, boolean>();
      let result: T;
      try {
        result = await work({
          tx,
          find: async (key) => {
            const found = this.#completions.get(nameOf(key));
            looked.set(nameOf(key), found !== undefined);
            return found?.completion;
          },
          watermark: async (principal, client) => this.#watermark(principal, client),
          put: async (key, completion) => {
            if (this.#completions.has(nameOf(key))) throw exists(key);
            puts.push({ key, completion });
          },
        });
      } catch (error) {
        if (tx.stands) throw error;
        continue;
      }
      if (!tx.stands || [...looked].some(([name, found]) => this.#completions.has(name) !== found)) continue;
      this.#commit(tx, puts);
      return result;
    }
    throw new StoreUnavailable(`a transaction met others ${MOST_RUNS} times`);
  }

  async find(key: CompletionKey): Promise<Completion | undefined> {
    return this.#completions.get(nameOf(key))?.completion;
  }

  async acknowledge(principal: string, client: string, below: number): Promise<void> {
    this.#raise(principal, client, below);
    for (const [name, { key }] of this.#completions) {
      if (key.principal === principal && key.client === client && key.sequence > 0 && key.sequence < below) {
        this.#completions.delete(name);
      }
    }
  }

  async collect(now: number): Promise<number> {
    let gone = 0;
    for (const [name, { key, completion }] of this.#completions) {
      if (completion.completedAt + this.retentionMs > now) continue;
      this.#completions.delete(name);
      gone += 1;
      if (key.sequence > 0) this.#raise(key.principal, key.client, key.sequence + 1);
    }
    return gone;
  }

  async close(): Promise<void> {}

  /** What is committed of the user's data, for tests to look at. */
  get contents(): ReadonlyMap<string, unknown> {
    return new Map([...this.#data].map(([key, { value }]) => [key, value]));
  }

  /** How many completions it keeps. */
  get size(): number {
    return this.#completions.size;
  }

  #commit(tx: MemoryTransaction, puts: readonly Kept[]): void {
    for (const { key } of puts) {
      if (this.#completions.has(nameOf(key))) throw exists(key);
      if (key.sequence > 0 && key.sequence < this.#watermark(key.principal, key.client)) {
        throw new StoreUnavailable(`call ${key.sequence} was acknowledged while it ran`);
      }
    }
    this.#version += 1;
    tx.apply(this.#version);
    for (const kept of puts) this.#completions.set(nameOf(kept.key), kept);
  }

  #watermark(principal: string, client: string): number {
    return this.#watermarks.get(`${client}/${principal}`)?? 0;
  }

  #raise(principal: string, client: string, below: number): void {
    this.#watermarks.set(`${client}/${principal}`, Math.max(below, this.#watermark(principal, client)));
  }
}

function nameOf({ principal, client, sequence }: CompletionKey): string {
  return `${client}/${sequence}/${principal}`;
}

function exists({ client, sequence }: CompletionKey): CompletionExists {
  return new CompletionExists(`call ${client}/${sequence} has a completion already`);
}
