/** An outbox as a table beside the completions, delivered by any number of servers. */
import { randomUUID } from "node:crypto";
import { StoreUnavailable } from "../../idempotency/completion-store.js";
import { checkNames, type NamesOf } from "../../wire/known-names.js";
import type { Outbox, OutboxEntry } from "../outbox/outbox.js";
import { messageOf } from "./failure.js";
import type { PgPool, PgResult } from "./pool.js";
import { type SchemaOptions, tablesOf } from "./schema.js";
import type { PostgresTransaction } from "./transaction.js";

export interface PostgresOutboxOptions extends SchemaOptions {
  /** Of several in one schema. Default: `default`. */
  readonly name?: string;
}

export interface PostgresOutboxEntry extends OutboxEntry {
  readonly position: string;
}

const NAMES: NamesOf<PostgresOutboxOptions> = { schema: 0, name: 0 };

/**
 * The tables are those of `migrate`.
 * @throws TypeError for an unknown option.
 */
export function postgresOutbox(pool: PgPool, options: PostgresOutboxOptions = {}): Outbox<Pick<PostgresTransaction, "query">, PostgresOutboxEntry> {
  checkNames("postgresOutbox", options, NAMES);
  return new TableOutbox(pool, tablesOf(options).outbox, options.name ?? "default");
}

class TableOutbox implements Outbox<Pick<PostgresTransaction, "query">, PostgresOutboxEntry> {
  readonly #pool: PgPool;
  readonly #table: string;
  readonly #name: string;

  constructor(pool: PgPool, table: string, name: string) {
    this.#pool = pool;
    this.#table = table;
    this.#name = name;
  }

  async enqueue(tx: Pick<PostgresTransaction, "query">, { key, payload }: { readonly key: string; readonly payload: Uint8Array }): Promise<string> {
    const id = randomUUID();
    // Held until the commit: of two that enqueue for one key, the one that commits first has the smaller position.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [JSON.stringify([this.#table, this.#name, key])]);
    await tx.query(`INSERT INTO ${this.#table} (id, outbox, key, payload) VALUES ($1, $2, $3, $4)`, [id, this.#name, key, Buffer.from(payload)]);
    return id;
  }

  async claim(limit: number, forMs: number): Promise<PostgresOutboxEntry[]> {
    const { rows } = await this.#query(
      `UPDATE ${this.#table} SET due_at = clock_timestamp() + $3 * interval '1 ms', attempts = attempts + 1 WHERE position IN (
         SELECT position FROM ${this.#table} AS head WHERE outbox = $1 AND due_at <= clock_timestamp() AND NOT EXISTS (
           SELECT FROM ${this.#table} AS ahead WHERE ahead.outbox = head.outbox AND ahead.key = head.key AND ahead.position < head.position
         ) ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING position, id, key, payload, attempts`,
      [this.#name, limit, forMs],
    );
    return rows.map((row) => ({
      id: String(row["id"]),
      key: String(row["key"]),
      payload: new Uint8Array(row["payload"] as Uint8Array),
      attempt: Number(row["attempts"]),
      position: String(row["position"]),
    }));
  }

  async remove({ position }: PostgresOutboxEntry): Promise<void> {
    await this.#query(`DELETE FROM ${this.#table} WHERE position = $1`, [position]);
  }

  async putOff({ position, attempt }: PostgresOutboxEntry, delayMs: number): Promise<void> {
    // Unless the claim ran out, and another server has it.
    const text = `UPDATE ${this.#table} SET due_at = clock_timestamp() + $3 * interval '1 ms' WHERE position = $1 AND attempts = $2`;
    await this.#query(text, [position, attempt, delayMs]);
  }

  async #query(text: string, values: unknown[]): Promise<PgResult> {
    try {
      return await this.#pool.query(text, values);
    } catch (error) {
      throw new StoreUnavailable(`The outbox in PostgreSQL did not answer: ${messageOf(error)}.`, { cause: error });
    }
  }
}
