/**
 * `@rpcgen/runtime/store/postgres`: completions in PostgreSQL, beside the user's own tables, for any number of servers.
 * It needs the package `pg`, whose pool it is given.
 */
import { checkNames, type NamesOf } from "../../wire/known-names.js";
import { holdLock } from "./collector.js";
import type { PgClient, PgPool } from "./pool.js";
import { PostgresStore } from "./postgres-store.js";
import { readStoreId, type SchemaOptions, tablesOf } from "./schema.js";

export type { PgClient, PgPool, PgResult } from "./pool.js";
export { postgresOutbox, type PostgresOutboxEntry, type PostgresOutboxOptions } from "./postgres-outbox.js";
export type { PostgresStore } from "./postgres-store.js";
export { migrate, type SchemaOptions } from "./schema.js";
export type { PostgresTransaction } from "./transaction.js";

export interface PostgresStoreOptions extends SchemaOptions {
  /** How long a completion is kept that its client does not acknowledge, in milliseconds. Default: 24 hours. */
  readonly retentionMs?: number;
  /** How long to look for the outcome of a commit whose answer was lost, a failover included, in milliseconds. Default: 5,000. */
  readonly settleMs?: number;
  /** Completions that `collect` removes in one statement. Default: 1,000. */
  readonly batch?: number;
  /** Milliseconds since 1970: the time by which the retention is counted. Default: that of the database, one for all servers. */
  readonly now?: () => number;
}

const NAMES: NamesOf<PostgresStoreOptions> = { schema: 0, retentionMs: 0, settleMs: 0, batch: 0, now: 0 };

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Opens the store in a database in which `migrate` was called. Each transaction takes a connection of the pool for as long
 * as its handler runs: give the pool as many as calls run at a time, and a `connectionTimeoutMillis`.
 * @throws TypeError for an unknown option; Error if the tables are not there, or are of another version; StoreUnavailable.
 */
export async function openPostgresStore<Client extends PgClient>(
  pool: PgPool<Client>,
  options: PostgresStoreOptions = {},
): Promise<PostgresStore<Client>> {
  checkNames("openPostgresStore", options, NAMES);
  const tables = tablesOf(options);
  const id = await readStoreId(pool, tables);
  // Off, a crash of the server would take commits that were answered.
  const [setting] = (await pool.query("SELECT current_setting('synchronous_commit') AS value")).rows;
  const durable = setting?.["value"] === "off" ? ["SET LOCAL synchronous_commit = on"] : [];
  return new PostgresStore(id, pool, tables, {
    retentionMs: options.retentionMs ?? DAY_MS,
    settleMs: options.settleMs ?? 5_000,
    batch: options.batch ?? 1_000,
    now: options.now,
    // Neither statement takes the snapshot: the lock is held before anything is seen.
    begin: ["BEGIN ISOLATION LEVEL SERIALIZABLE", holdLock(tables), ...durable].join("; "),
  });
}
