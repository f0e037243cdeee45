/**
 * Removes completions that nobody needs, in batches. A completion may go only when no transaction is left that does not
 * see the watermark above it: one that began earlier would find neither the completion nor the watermark, and run the call
 * again. So watermarks are raised first, then the transactions under way are listed by the lock that each of them holds, and the
 * batch goes when those have ended, in this round or a later one.
 */
import { StoreUnavailable } from "../../idempotency/completion-store.js";
import { DATABASE_TIME } from "./completion-row.js";
import { messageOf } from "./failure.js";
import type { PgPool } from "./pool.js";
import type { Tables } from "./schema.js";

/** The lock by which our transactions are known; a mode that none of our other statements takes on this table. */
export function holdLock({ completions }: Tables): string {
  return `LOCK TABLE ${completions} IN ROW SHARE MODE`;
}

const LOOKS = 10;
const PAUSE_MS = 20;

/** Completions that are to go, and the transactions that may not know yet. */
interface Marked {
  readonly keys: readonly [clients: unknown[], sequences: unknown[], principals: unknown[]];
  readonly holders: ReadonlySet<unknown>;
}

export class Collector {
  readonly #pool: PgPool;
  readonly #tables: Tables;
  readonly #batch: number;
  #marked: Marked | undefined;
  /** Of the collection before. */
  #ended: Promise<unknown> = Promise.resolve();

  constructor(pool: PgPool, tables: Tables, batch: number) {
    this.#pool = pool;
    this.#tables = tables;
    this.#batch = batch;
  }

  /**
   * One at a time: each removes only what it has waited for itself.
   * @param retentionMs what was completed so long ago goes.
   * @param now milliseconds since 1970; undefined: the database's time.
   * @throws StoreUnavailable
   */
  collect(retentionMs: number, now?: number): Promise<number> {
    const collected = this.#ended.then(() => this.#collect(retentionMs, now));
    this.#ended = collected.catch(() => {});
    return collected;
  }

  async #collect(retentionMs: number, now: number | undefined): Promise<number> {
    let removed = 0;
    try {
      const oldest = (now ?? (await this.#time())) - retentionMs;
      for (;;) {
        this.#marked ??= await this.#mark(oldest);
        if (this.#marked === undefined || !(await this.#isSeen(this.#marked))) break;
        removed += await this.#remove(this.#marked);
        this.#marked = undefined;
      }
      await this.#forgetClients(oldest);
      return removed;
    } catch (error) {
      throw new StoreUnavailable(`Old completions could not be removed: ${messageOf(error)}.`, { cause: error });
    }
  }

  async #time(): Promise<number> {
    return Number((await this.#pool.query(`SELECT ${DATABASE_TIME} AS now`)).rows[0]?.["now"]);
  }

  async #mark(oldest: number): Promise<Marked | undefined> {
    const { completions, clients } = this.#tables;
    const { rows } = await this.#pool.query(
      `(SELECT client, sequence, principal FROM ${completions} WHERE completed_at < $1 LIMIT $2)
       UNION
       (SELECT done.client, done.sequence, done.principal FROM ${clients} AS known JOIN ${completions} AS done USING (client, principal)
        WHERE done.sequence > 0 AND done.sequence < known.acknowledged AND done.outcome IS NOT NULL LIMIT $2)`,
      [oldest, this.#batch],
    );
    if (rows.length === 0) return undefined;
    const keys = [rows.map(({ client }) => client), rows.map(({ sequence }) => sequence), rows.map(({ principal }) => principal)] as const;
    // A sequence of 0 is that of a key, which is used once and has no order.
    await this.#pool.query(
      `INSERT INTO ${clients} AS known (client, principal, below, acknowledged, heard_at)
       SELECT client, principal, max(sequence) + 1, 0, max(completed_at) FROM ${completions}
       JOIN unnest($1::uuid[], $2::bigint[], $3::text[]) AS gone (client, sequence, principal) USING (client, sequence, principal)
       WHERE sequence > 0 GROUP BY client, principal ORDER BY client, principal
       ON CONFLICT (client, principal) DO UPDATE
       SET below = greatest(known.below, excluded.below), heard_at = greatest(known.heard_at, excluded.heard_at)`,
      [...keys],
    );
    return { keys, holders: new Set(await this.#holders()) };
  }

  /** Whether every transaction that is under way sees what was marked. */
  async #isSeen({ holders }: Marked): Promise<boolean> {
    for (let look = 0; holders.size > 0 && look < LOOKS; look++) {
      if (!(await this.#holders()).some((holder) => holders.has(holder))) return true;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return holders.size === 0;
  }

  /** The transactions under way, on any server of ours. */
  async #holders(): Promise<unknown[]> {
    const { rows } = await this.#pool.query(
      `SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = $1::regclass
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND mode = 'RowShareLock'`,
      [this.#tables.completions],
    );
    return rows.map(({ virtualtransaction }) => virtualtransaction);
  }

  async #remove({ keys }: Marked): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `DELETE FROM ${this.#tables.completions} AS done USING unnest($1::uuid[], $2::bigint[], $3::text[]) AS gone (client, sequence, principal)
       WHERE done.client = gone.client AND done.sequence = gone.sequence AND done.principal = gone.principal AND done.outcome IS NOT NULL`,
      [...keys],
    );
    return rowCount ?? 0;
  }

  async #forgetClients(oldest: number): Promise<void> {
    const { completions, clients } = this.#tables;
    await this.#pool.query(
      `DELETE FROM ${clients} AS known WHERE heard_at < $1
       AND NOT EXISTS (SELECT FROM ${completions} AS done WHERE done.client = known.client AND done.principal = known.principal)`,
      [oldest],
    );
  }
}
