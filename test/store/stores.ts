/** The stores that the conformance suite runs over: a row each. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CompletionStore, StoreTransaction } from "../../runtime/idempotency/completion-store.js";
import { logOutbox, openLogStore, type KeyValueTransaction } from "../../runtime/store/log/index.js";
import type { Outbox } from "../../runtime/store/outbox/index.js";
import { migrate, openPostgresStore, postgresOutbox, type PostgresTransaction } from "../../runtime/store/postgres/index.js";
import { Cluster, missingPostgres } from "./postgres-cluster.js";

export interface OpenOptions {
  readonly retentionMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A store with the user's side brought to one form: numbers by name. */
export interface OpenedStore {
  readonly store: CompletionStore<unknown>;
  read(transaction: StoreTransaction<unknown>, name: string): Promise<number | undefined>;
  write(transaction: StoreTransaction<unknown>, name: string, value: number): Promise<void>;
  /** If it has one; it takes part in transactions of the store. */
  readonly outbox?: Outbox<unknown>;
  /** All of them, in a transaction. */
  all(transaction: StoreTransaction<unknown>): Promise<Record<string, number>>;
}

export interface StoreRow {
  readonly name: string;
  /** What this machine lacks to run it. */
  readonly missing?: string | undefined;
  /** Whether a store that is closed and opened again has what was committed. */
  readonly durable: boolean;
  /** Before the first `open`; returns how to clear away. */
  prepare(): Promise<() => Promise<void>>;
  /** A new, empty store, and the same again with `again`. */
  open(options: OpenOptions, again?: boolean): Promise<OpenedStore>;
}

export const stores: readonly StoreRow[] = [logRow(), postgresRow()];

function logRow(): StoreRow {
  let root = "";
  let count = 0;
  return {
    name: "log",
    durable: true,
    async prepare() {
      root = mkdtempSync(path.join(tmpdir(), "rpcgen-log-"));
      return async () => rmSync(root, { recursive: true, force: true });
    },
    async open(options, again = false) {
      if (!again) count += 1;
      // Small enough that compactions run during the tests.
      const store = await openLogStore(path.join(root, String(count)), { ...options, compactBytes: 20_000 });
      const tx = (transaction: StoreTransaction<unknown>): KeyValueTransaction => transaction.tx as KeyValueTransaction;
      return {
        store: store as CompletionStore<unknown>,
        outbox: logOutbox(store) as Outbox<unknown>,
        async read(transaction, name) {
          const value = await tx(transaction).get(name);
          return value === undefined ? undefined : Number(Buffer.from(value).toString());
        },
        write: (transaction, name, value) => tx(transaction).put(name, Buffer.from(String(value))),
        async all(transaction) {
          const found: Record<string, number> = {};
          for await (const { key, value } of tx(transaction).scan()) found[key] = Number(Buffer.from(value).toString());
          return found;
        },
      };
    },
  };
}

function postgresRow(): StoreRow {
  let cluster: Cluster | undefined;
  let pool: ReturnType<Cluster["pool"]> | undefined;
  let count = 0;
  return {
    name: "postgres",
    missing: missingPostgres(),
    durable: true,
    async prepare() {
      cluster = await Cluster.start();
      pool = cluster.pool();
      return async () => {
        await pool?.end();
        await cluster?.remove();
      };
    },
    async open(options, again = false) {
      if (pool === undefined) throw new Error("not prepared");
      if (!again) count += 1;
      const schema = `store_${count}`;
      await migrate(pool, { schema });
      await pool.query(`CREATE TABLE IF NOT EXISTS ${schema}.numbers (name text PRIMARY KEY, value integer NOT NULL)`);
      const store = await openPostgresStore(pool, { ...options, schema, batch: 3 });
      const tx = (transaction: StoreTransaction<unknown>): PostgresTransaction => transaction.tx as PostgresTransaction;
      return {
        store: store as CompletionStore<unknown>,
        outbox: postgresOutbox(pool, { schema }) as Outbox<unknown>,
        async read(transaction, name) {
          return (await tx(transaction).query<{ value: number }>(`SELECT value FROM ${schema}.numbers WHERE name = $1`, [name])).rows[0]?.value;
        },
        async write(transaction, name, value) {
          const text = `INSERT INTO ${schema}.numbers VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
          await tx(transaction).query(text, [name, value]);
        },
        async all(transaction) {
          const { rows } = await tx(transaction).query<{ name: string; value: number }>(`SELECT name, value FROM ${schema}.numbers`);
          return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
        },
      };
    },
  };
}
