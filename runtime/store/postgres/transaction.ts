/** One run of a transaction's work in the database. */
import { CompletionExists, type Completion, type CompletionKey, type StoreTransaction } from "../../idempotency/completion-store.js";
import { claimCompletion, completionOf, completionValues, dropClaim, fillClaim, keyValues, selectCompletion } from "./completion-row.js";
import type { Connection } from "./connection.js";
import type { PgClient, PgResult } from "./pool.js";
import type { Tables } from "./schema.js";

/** What handlers know as `ctx.tx`. */
export interface PostgresTransaction<Client extends PgClient = PgClient> {
  /**
   * Runs a statement inside the transaction, which is SERIALIZABLE. A statement that fails ends the transaction: go
   * back to a SAVEPOINT, or let the error pass.
   * @throws Error for COMMIT, ROLLBACK and their like: the store does that; otherwise what `pg` throws.
   */
  query<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<PgResult<Row>>;
  /** The `pg` client itself, for query builders. Neither release it nor end its transaction. */
  readonly client: Client;
}

/** Behind comments, too. */
const ENDS_TRANSACTION = /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!\s+(work\s+|transaction\s+)?to\b))\b/i;

export class PostgresStoreTransaction<Client extends PgClient> implements StoreTransaction<PostgresTransaction<Client>> {
  readonly tx: PostgresTransaction<Client>;
  /** What was put, to be looked for if the commit's answer is lost. */
  readonly completions = new Map<string, { readonly key: CompletionKey; readonly completion: Completion }>();
  readonly #connection: Connection<Client>;
  readonly #tables: Tables;
  readonly #isTold: boolean;
  /** Where in the table they stand. */
  readonly #claims = new Map<string, unknown>();
  /** What `put` complained of: the commit must fail for it, whatever the handler made of the rejection. */
  exists: CompletionExists | undefined;
  #over = false;

  /** @param isTold whether what is put says when it was completed; else the database does. */
  constructor(connection: Connection<Client>, tables: Tables, isTold: boolean) {
    this.#connection = connection;
    this.#tables = tables;
    this.#isTold = isTold;
    this.tx = {
      client: connection.client,
      query: async <Row>(text: string, values?: unknown[]) => {
        if (ENDS_TRANSACTION.test(text)) throw new Error(`The store begins and ends the transaction: leave out ${JSON.stringify(text.trim().slice(0, 40))}.`);
        return (await this.#query(text, values)) as PgResult<Row>;
      },
    };
  }

  /**
   * An insertion instead of a query: one that finds nothing would lock, under SERIALIZABLE, the page of the index where
   * the row would stand, and calls that have nothing to do with each other would conflict on it. It also makes a second
   * attempt at a call wait for the first, on whatever server that runs.
   */
  async find(key: CompletionKey): Promise<Completion | undefined> {
    const name = JSON.stringify(keyValues(key));
    const own = this.completions.get(name);
    if (own !== undefined || this.#claims.has(name)) return own?.completion;
    const [claim] = (await this.#query(claimCompletion(this.#tables), keyValues(key))).rows;
    if (claim !== undefined) {
      this.#claims.set(name, claim["place"]);
      return undefined;
    }
    const [row] = (await this.#query(selectCompletion(this.#tables), keyValues(key))).rows;
    return row === undefined ? undefined : completionOf(row);
  }

  async watermark(principal: string, client: string): Promise<number> {
    const text = `SELECT below FROM ${this.#tables.clients} WHERE client = $1 AND principal = $2`;
    return Number((await this.#query(text, [client, principal])).rows[0]?.["below"] ?? 0);
  }

  async put(key: CompletionKey, completion: Completion): Promise<void> {
    if ((await this.find(key)) !== undefined) {
      this.exists = new CompletionExists(`Call ${key.sequence} of client ${key.client} has a completion already: answer with that one.`);
      throw this.exists;
    }
    const name = JSON.stringify(keyValues(key));
    const { rowCount } = await this.#query(fillClaim(this.#tables), [this.#claims.get(name), ...completionValues(completion, this.#isTold)]);
    if (rowCount !== 1) throw new Error("The claim of the call is gone: a handler rolled back to a savepoint that it did not make.");
    this.completions.set(name, { key, completion });
  }

  /** The last statements before the commit. */
  async finish(): Promise<void> {
    for (const [name, place] of this.#claims) {
      if (!this.completions.has(name)) await this.#query(dropClaim(this.#tables), [place]);
    }
  }

  end(): void {
    this.#over = true;
  }

  #query(text: string, values?: unknown[]): Promise<PgResult> {
    if (this.#over) throw new Error("The transaction is over: await everything that a handler does with ctx.tx before it returns.");
    return this.#connection.query(text, values);
  }
}
