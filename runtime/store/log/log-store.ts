/** The store over a log: runs transactions side by side, and commits each that saw nothing which another has changed. */
import {
  type Completion,
  type CompletionKey,
  type CompletionStore,
  type StoreTransaction,
  StoreUnavailable,
} from "../../idempotency/completion-store.js";
import { CommitHistory } from "./commit-history.js";
import { compact } from "./compaction.js";
import type { KeyValueTransaction } from "./key-value.js";
import type { LogState } from "./log-state.js";
import { type LogPlace, LogWriter } from "./log-writer.js";
import type { Operation } from "./operation.js";
import type { Recovered } from "./recovery.js";
import { LogTransaction } from "./transaction.js";
import { Turnstile } from "./turnstile.js";

/** Conflicts after which a transaction queues with others of its kind. */
const FREE_RUNS = 4;
const MOST_RUNS = 100;
/** Operations that a collection writes in one record. */
const COLLECTED_AT_A_TIME = 1_000;

export interface LogStoreSettings {
  readonly retentionMs: number;
  readonly compactBytes: number;
  /** Milliseconds since 1970; undefined: the store has a time of its own. */
  readonly now: (() => number) | undefined;
  onError(error: Error): void;
}

export class LogStore implements CompletionStore<KeyValueTransaction> {
  readonly id: string;
  readonly retentionMs: number;
  readonly #place: LogPlace;
  readonly #settings: LogStoreSettings;
  readonly #state: LogState;
  readonly #history = new CommitHistory();
  readonly #writer: LogWriter;
  readonly #turnstile = new Turnstile();
  /** The store's time when `performance.now` was 0. */
  readonly #origin: number;
  readonly #running = new Set<Promise<unknown>>();
  /** The last record that somebody may have read from: what a transaction says must not stand on less than is durable. */
  #lastCommit = 0;
  #bytesBefore: number;
  #snapshotBytes: number;
  #compacting: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /** Made by `openLogStore`. */
  constructor(place: LogPlace, recovered: Recovered, settings: LogStoreSettings) {
    this.id = place.storeId;
    this.retentionMs = settings.retentionMs;
    this.#place = place;
    this.#settings = settings;
    this.#state = recovered.state;
    this.#origin = (recovered.state.completions.newest ?? Date.now()) - performance.now();
    this.#writer = new LogWriter(place, recovered.file, recovered.size, recovered.last);
    this.#bytesBefore = recovered.logBytes - recovered.size;
    this.#snapshotBytes = recovered.snapshotBytes;
  }

  /**
   * The store's time, in milliseconds: it begins as the time of day, and goes on from the last that was written down; while the store is
   * closed it stands still. However the machine's clock is set, nothing seems older than it is.
   */
  now(): number {
    return this.#settings.now?.() ?? this.#origin + performance.now();
  }

  transact<T>(work: (transaction: StoreTransaction<KeyValueTransaction>) => Promise<T>): Promise<T> {
    return this.#track(this.#transact(work));
  }

  find(key: CompletionKey): Promise<Completion | undefined> {
    return this.#track(this.#find(key));
  }

  async acknowledge(principal: string, client: string, below: number): Promise<void> {
    this.#check();
    if (below <= this.#state.completions.watermark(principal, client)) return;
    this.#append([{ kind: "acknowledge", principal, client, below, heardAt: this.now() }], []);
  }

  collect(now: number): Promise<number> {
    return this.#track(this.#collect(now));
  }

  /**
   * Writes what is there in the shortest form and removes the logs before it. The store does so by itself when its logs
   * outgrow its data; commits go on meanwhile.
   * @throws StoreUnavailable if the store is closed, or the disk fails; the store is as it was.
   */
  compact(): Promise<void> {
    this.#compacting ??= this.#track(this.#compact()).finally(() => (this.#compacting = undefined));
    return this.#compacting;
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #transact<T>(work: (transaction: StoreTransaction<KeyValueTransaction>) => Promise<T>): Promise<T> {
    for (let run = 1; run <= MOST_RUNS; run++) {
      this.#check();
      const leave = run > FREE_RUNS ? await this.#turnstile.enter() : undefined;
      const transaction = new LogTransaction(this.#state, this.#history);
      try {
        const result = await work(transaction);
        const { operations, changed } = transaction.prepare();
        if (operations.length > 0) this.#lastCommit = this.#append(operations, changed);
        transaction.end();
        leave?.();
        await this.#writer.durable(this.#lastCommit);
        return result;
      } catch (error) {
        transaction.end();
        leave?.();
        if (transaction.conflicts) continue;
        // The rejection may say what it read in the commits of others: they must stand first.
        await this.#writer.durable(this.#lastCommit).catch(() => {});
        throw error;
      }
    }
    throw new StoreUnavailable(`A transaction on the store in ${this.#place.folder} ran into others ${MOST_RUNS} times: let fewer calls write one key.`);
  }

  async #find(key: CompletionKey): Promise<Completion | undefined> {
    this.#check();
    const completion = this.#state.completions.find(key);
    if (completion !== undefined) await this.#writer.durable(this.#lastCommit).catch((error: Error) => Promise.reject(unavailable(error)));
    return completion;
  }

  async #collect(now: number): Promise<number> {
    this.#check();
    const operations = [...this.#state.completions.expired(now - this.retentionMs)];
    for (let at = 0; at < operations.length; at += COLLECTED_AT_A_TIME) this.#append(operations.slice(at, at + COLLECTED_AT_A_TIME), []);
    const expired = operations.filter(({ kind }) => kind === "expire").length;
    await this.#writer.durable(this.#writer.last).catch((error: Error) => Promise.reject(unavailable(error)));
    return expired;
  }

  /** From here on everyone sees it; `changed` is what conflicts with who has read it. */
  #append(operations: readonly Operation[], changed: readonly string[]): number {
    const number = this.#writer.append(operations);
    for (const operation of operations) this.#state.apply(operation);
    if (changed.length > 0) this.#history.add(changed);
    const logBytes = this.#bytesBefore + this.#writer.size;
    if (logBytes > Math.max(this.#settings.compactBytes, this.#snapshotBytes) && this.#closed === undefined) {
      this.compact().catch((error: Error) => this.#tell(error));
    }
    return number;
  }

  /** Who only listens must not end the process. */
  #tell(error: Error): void {
    try {
      this.#settings.onError(error);
    } catch {}
  }

  async #compact(): Promise<void> {
    this.#check();
    // Not within the transaction that set it off.
    await this.#place.fileSystem.turn();
    try {
      this.#snapshotBytes = await compact(this.#place, this.#state, this.#writer);
      this.#bytesBefore = 0;
    } catch (error) {
      throw unavailable(error as Error);
    }
  }

  async #close(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    try {
      await this.#writer.close();
    } finally {
      await this.#place.lock.release();
    }
  }

  #check(): void {
    if (this.#closed !== undefined) throw new StoreUnavailable(`The store in ${this.#place.folder} is closed.`);
    this.#writer.check();
  }

  #track<T>(task: Promise<T>): Promise<T> {
    const tracked = task.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }
}

function unavailable(cause: Error): StoreUnavailable {
  return cause instanceof StoreUnavailable ? cause : new StoreUnavailable(cause.message, { cause });
}

