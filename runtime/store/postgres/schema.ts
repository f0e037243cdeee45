/** The tables, and how they are made. */
import { StoreUnavailable } from "../../idempotency/completion-store.js";
import { checkNames, type NamesOf } from "../../wire/known-names.js";
import { messageOf } from "./failure.js";
import type { PgPool } from "./pool.js";

const VERSION = 1;
/** Any number that others are unlikely to lock; "rpcg" in ASCII. */
const MIGRATION_LOCK = 0x72706367;

export interface SchemaOptions {
  /** The schema in which the tables stand. Default: `rpcgen`. */
  readonly schema?: string;
}

const NAMES: NamesOf<SchemaOptions> = { schema: 0 };

/** Names of the tables, quoted. */
export interface Tables {
  readonly schema: string;
  readonly store: string;
  readonly completions: string;
  readonly clients: string;
  readonly outbox: string;
}

export function tablesOf({ schema = "rpcgen" }: SchemaOptions): Tables {
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  return {
    schema: quoted,
    store: `${quoted}.store`,
    completions: `${quoted}.completions`,
    clients: `${quoted}.clients`,
    outbox: `${quoted}.outbox`,
  };
}

/**
 * Makes the schema and its tables where they do not exist. Any number of servers may do it at once; needs the right to
 * create. Keep it out of the servers if their role has no such right, and call it when you deploy.
 * @throws TypeError for an unknown option; StoreUnavailable
 */
export async function migrate(pool: PgPool, options: SchemaOptions = {}): Promise<void> {
  checkNames("migrate", options, NAMES);
  const tables = tablesOf(options);
  // One query of several statements is one transaction.
  const statements = [`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`, ...definitions(tables)];
  try {
    await pool.query(statements.join(";\n"));
  } catch (error) {
    throw new StoreUnavailable(`The tables in ${tables.schema} could not be made: ${messageOf(error)}.`, { cause: error });
  }
}

function definitions({ schema, store, completions, clients, outbox }: Tables): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE IF NOT EXISTS ${store} (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      id text NOT NULL,
      version integer NOT NULL
    )`,
    // A row without an outcome is a claim: its transaction has not committed, or it would have one.
    `CREATE TABLE IF NOT EXISTS ${completions} (
      client uuid NOT NULL,
      sequence bigint NOT NULL,
      principal text NOT NULL,
      method text,
      fingerprint bytea,
      outcome text,
      payload bytea,
      completed_at bigint,
      PRIMARY KEY (client, sequence, principal)
    ) WITH (fillfactor = 80)`,
    `CREATE INDEX IF NOT EXISTS completions_by_age ON ${completions} (completed_at)`,
    // "below" is the watermark: above what the client acknowledged where completions were too old to keep.
    `CREATE TABLE IF NOT EXISTS ${clients} (
      client uuid NOT NULL,
      principal text NOT NULL,
      below bigint NOT NULL,
      acknowledged bigint NOT NULL,
      heard_at bigint NOT NULL,
      PRIMARY KEY (client, principal)
    ) WITH (fillfactor = 80)`,
    `CREATE TABLE IF NOT EXISTS ${outbox} (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id uuid NOT NULL,
      outbox text NOT NULL,
      key text NOT NULL,
      payload bytea NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL DEFAULT '-infinity'
    )`,
    `CREATE INDEX IF NOT EXISTS outbox_by_key ON ${outbox} (outbox, key, position)`,
    `INSERT INTO ${store} (id, version) VALUES (replace(gen_random_uuid()::text, '-', ''), ${VERSION}) ON CONFLICT DO NOTHING`,
  ];
}

/**
 * The id of the data.
 * @throws Error if the tables are not there, or are of another version; StoreUnavailable.
 */
export async function readStoreId(pool: PgPool, tables: Tables): Promise<string> {
  let row: { id?: unknown; version?: unknown } | undefined;
  try {
    [row] = (await pool.query(`SELECT id, version FROM ${tables.store}`)).rows;
  } catch (error) {
    // invalid_schema_name, undefined_table
    if (["3F000", "42P01"].includes((error as { code?: string }).code ?? "")) {
      throw new Error(`There is no store in the schema ${tables.schema}: call migrate(pool) once, before the first server starts.`, { cause: error });
    }
    throw new StoreUnavailable(`The store in ${tables.schema} cannot be reached: ${messageOf(error)}.`, { cause: error });
  }
  if (row?.version !== VERSION) {
    throw new Error(`The store in ${tables.schema} has version ${String(row?.version)}, and this is ${VERSION}: install the runtime that fits it.`);
  }
  return String(row.id);
}
