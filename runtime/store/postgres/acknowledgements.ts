/** Brings watermarks to the database, many clients a statement: those that arrive while one runs share the next. */
import { StoreUnavailable } from "../../idempotency/completion-store.js";
import { DATABASE_TIME } from "./completion-row.js";
import { messageOf } from "./failure.js";
import type { PgPool } from "./pool.js";
import type { Tables } from "./schema.js";

interface Acknowledgement {
  readonly principal: string;
  readonly client: string;
  readonly below: number;
}

export class Acknowledgements {
  readonly #pool: PgPool;
  readonly #tables: Tables;
  readonly #now: (() => number) | undefined;
  #next = new Map<string, Acknowledgement>();
  #nextFlush: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  /** @param now undefined: the database's time. */
  constructor(pool: PgPool, tables: Tables, now: (() => number) | undefined) {
    this.#pool = pool;
    this.#tables = tables;
    this.#now = now;
  }

  /** @throws StoreUnavailable */
  add(principal: string, client: string, below: number): Promise<void> {
    const name = `${client} ${principal}`;
    if ((this.#next.get(name)?.below ?? 0) < below) this.#next.set(name, { principal, client, below });
    this.#nextFlush ??= this.#running.catch(() => {}).then(() => (this.#running = this.#flush()));
    return this.#nextFlush;
  }

  /**
   * A client is heard of when its watermark rises, as in every store; that it says the same again writes nothing. Outside of SERIALIZABLE:
   * transactions read watermarks, and must not conflict with every acknowledgement. In one order, so that servers do not wait for each
   * other in a circle.
   */
  async #flush(): Promise<void> {
    const batch = [...this.#next.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
    this.#next = new Map();
    this.#nextFlush = undefined;
    const text = `INSERT INTO ${this.#tables.clients} AS known (client, principal, below, acknowledged, heard_at)
      SELECT client, principal, below, below, coalesce($4::bigint, ${DATABASE_TIME}) FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS heard (client, principal, below)
      ON CONFLICT (client, principal) DO UPDATE
      SET below = greatest(known.below, excluded.below), acknowledged = excluded.acknowledged,
        heard_at = CASE WHEN excluded.below > known.below THEN greatest(known.heard_at, excluded.heard_at) ELSE known.heard_at END
      WHERE excluded.acknowledged > known.acknowledged`;
    const columns = [batch.map(({ client }) => client), batch.map(({ principal }) => principal), batch.map(({ below }) => below)];
    try {
      await this.#pool.query(text, [...columns, this.#now === undefined ? null : Math.floor(this.#now())]);
    } catch (error) {
      throw new StoreUnavailable(`Acknowledgements could not be written: ${messageOf(error)}.`, { cause: error });
    }
  }
}
