/** A connection for the length of one transaction, which knows whether it is still there. */
import { StoreUnavailable } from "../../idempotency/completion-store.js";
import { endsConnection, isConflict, isServerError, messageOf } from "./failure.js";
import type { PgClient, PgPool, PgResult } from "./pool.js";

export class Connection<Client extends PgClient = PgClient> {
  readonly client: Client;
  /** Why it is gone, if it is. */
  lost: Error | undefined;
  /** The last statement's complaint that makes the whole transaction run again. */
  conflict: Error | undefined;
  /** The last error of a statement: it aborts the transaction, whatever the user's code made of it. */
  failure: Error | undefined;
  readonly #onError = (error: Error): void => void (this.lost ??= error);

  private constructor(client: Client) {
    this.client = client;
    // Without a listener an error of a connection that is in use would end the process.
    client.on("error", this.#onError);
  }

  /** @throws StoreUnavailable */
  static async open<Client extends PgClient>(pool: PgPool<Client>): Promise<Connection<Client>> {
    try {
      return new Connection(await pool.connect());
    } catch (error) {
      throw new StoreUnavailable(`PostgreSQL cannot be reached: ${messageOf(error)}.`, { cause: error });
    }
  }

  /** A server that does not even begin, because it is a standby or going, is none to keep a connection to. */
  async begin(statements: string): Promise<void> {
    try {
      await this.query(statements);
    } catch (error) {
      if (error instanceof Error) this.lost ??= error;
      throw error;
    }
  }

  async query(text: string, values?: unknown[]): Promise<PgResult> {
    try {
      return await this.client.query(text, values);
    } catch (error) {
      this.note(error);
      throw error;
    }
  }

  /** Takes in an error of a statement, wherever it was seen. */
  note(error: unknown): void {
    if (!(error instanceof Error)) return;
    if (endsConnection(error)) this.lost ??= error;
    else if (isConflict(error)) this.conflict ??= error;
    if (isServerError(error)) this.failure ??= error;
  }

  /** Rolls back what is open and gives the connection back, or away. */
  async abandon(): Promise<void> {
    let destroy = this.lost !== undefined;
    if (!destroy) await this.client.query("ROLLBACK").catch(() => (destroy = true));
    this.release(destroy);
  }

  release(destroy: boolean): void {
    this.client.removeListener("error", this.#onError);
    // The pool must not meet the connection's last words without a listener.
    if (destroy) this.client.on("error", () => {});
    this.client.release(destroy);
  }
}
