/** The store in PostgreSQL: completions stand in a table beside the user's own, and commit with them. */
import {
  CommitRefused,
  type Completion,
  type CompletionKey,
  type CompletionStore,
  type StoreTransaction,
  StoreUnavailable,
} from "../../idempotency/completion-store.js";
import { Acknowledgements } from "./acknowledgements.js";
import { Collector } from "./collector.js";
import { completionOf, keyValues, selectCompletion } from "./completion-row.js";
import { Connection } from "./connection.js";
import { isConflict, isRolledBack, messageOf } from "./failure.js";
import type { PgClient, PgPool } from "./pool.js";
import { settleCommit } from "./settle-commit.js";
import type { Tables } from "./schema.js";
import { type PostgresTransaction, PostgresStoreTransaction } from "./transaction.js";

const MOST_RUNS = 20;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 200;

export interface PostgresStoreSettings {
  readonly retentionMs: number;
  readonly settleMs: number;
  readonly batch: number;
  /** Statements that begin a transaction. */
  readonly begin: string;
  /** Milliseconds since 1970; undefined: the database's time, the same for all servers. */
  readonly now: (() => number) | undefined;
}

export class PostgresStore<Client extends PgClient = PgClient> implements CompletionStore<PostgresTransaction<Client>> {
  readonly id: string;
  readonly retentionMs: number;
  readonly #pool: PgPool<Client>;
  readonly #tables: Tables;
  readonly #settings: PostgresStoreSettings;
  readonly #acknowledgements: Acknowledgements;
  readonly #collector: Collector;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  /** Made by `openPostgresStore`. */
  constructor(id: string, pool: PgPool<Client>, tables: Tables, settings: PostgresStoreSettings) {
    this.id = id;
    this.retentionMs = settings.retentionMs;
    this.#pool = pool;
    this.#tables = tables;
    this.#settings = settings;
    this.#acknowledgements = new Acknowledgements(pool, tables, settings.now);
    this.#collector = new Collector(pool, tables, settings.batch);
  }

  transact<T>(work: (transaction: StoreTransaction<PostgresTransaction<Client>>) => Promise<T>): Promise<T> {
    return this.#track(() => this.#transact(work));
  }

  find(key: CompletionKey): Promise<Completion | undefined> {
    return this.#track(async () => {
      const text = selectCompletion(this.#tables);
      const [row] = (await this.#pool.query(text, keyValues(key)).catch((error: unknown) => Promise.reject(unreachable(error)))).rows;
      return row === undefined ? undefined : completionOf(row);
    });
  }

  acknowledge(principal: string, client: string, below: number): Promise<void> {
    return this.#track(() => this.#acknowledgements.add(principal, client, below));
  }

  collect(now: number): Promise<number> {
    return this.#track(() => this.#collector.collect(this.retentionMs, this.#settings.now === undefined ? undefined : now));
  }

  /** Waits for what is under way. The pool is the user's, and stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #transact<T>(work: (transaction: StoreTransaction<PostgresTransaction<Client>>) => Promise<T>): Promise<T> {
    for (let run = 1; run <= MOST_RUNS; run++) {
      const connection = await Connection.open(this.#pool);
      const outcome = await this.#run(connection, work);
      if (outcome !== undefined) return outcome.result;
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** run));
    }
    throw new StoreUnavailable(`A transaction ran into others ${MOST_RUNS} times: let fewer calls write one row.`);
  }

  /** undefined: a conflict, after which nothing is left. */
  async #run<T>(
    connection: Connection<Client>,
    work: (transaction: StoreTransaction<PostgresTransaction<Client>>) => Promise<T>,
  ): Promise<{ readonly result: T } | undefined> {
    const transaction = new PostgresStoreTransaction(connection, this.#tables, this.#settings.now !== undefined);
    let result: T;
    try {
      await connection.begin(this.#settings.begin);
      result = await work(transaction);
      if (transaction.exists !== undefined) throw transaction.exists;
      await transaction.finish();
      if (connection.lost !== undefined) throw connection.lost;
    } catch (error) {
      transaction.end();
      connection.note(error);
      await connection.abandon();
      if (connection.lost !== undefined) {
        throw new StoreUnavailable(`The connection to PostgreSQL was lost before the commit: ${messageOf(connection.lost)}.`, { cause: error });
      }
      if (connection.conflict !== undefined) return undefined;
      throw error;
    }
    transaction.end();
    return (await this.#commit(connection, transaction)) ? { result } : undefined;
  }

  /** Whether it stands; false after a conflict. */
  async #commit(connection: Connection<Client>, transaction: PostgresStoreTransaction<Client>): Promise<boolean> {
    let command: string;
    try {
      ({ command } = await connection.query("COMMIT"));
    } catch (error) {
      connection.release(!isRolledBack(error));
      if (isConflict(error)) return false;
      // A constraint that the user deferred to the commit.
      if (isRolledBack(error)) throw refused(error);
      const stands = await settleCommit(this.#pool, this.#tables, transaction.completions.values(), this.#settings.settleMs, error);
      if (stands) return true;
      throw new StoreUnavailable(`The connection to PostgreSQL was lost at the commit, which was rolled back: ${messageOf(error)}.`, { cause: error });
    }
    connection.release(false);
    if (command === "COMMIT") return true;
    // The server answers COMMIT with ROLLBACK when a statement had failed, whatever became of its error.
    if (connection.conflict !== undefined) return false;
    throw refused(connection.failure ?? new Error("The transaction was rolled back: a statement in it failed, and its error was dropped."));
  }

  async #track<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailable("The store is closed.");
    const tracked = task();
    this.#running.add(tracked);
    try {
      return await tracked;
    } finally {
      this.#running.delete(tracked);
    }
  }
}

function refused(cause: unknown): CommitRefused {
  return new CommitRefused(messageOf(cause), { cause });
}

function unreachable(cause: unknown): StoreUnavailable {
  return new StoreUnavailable(`PostgreSQL did not answer: ${messageOf(cause)}.`, { cause });
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

