/** Finds out whether a transaction stands whose COMMIT was sent and never answered. */
import { CommitUnknown, type Completion, CompletionExists, type CompletionKey } from "../../idempotency/completion-store.js";
import { claimCompletion, completionOf, equalCompletions, keyValues, selectCompletion } from "./completion-row.js";
import { Connection } from "./connection.js";
import { isServerError, messageOf } from "./failure.js";
import type { PgPool } from "./pool.js";
import type { Tables } from "./schema.js";

const PAUSE_MS = 50;
/** lock_not_available: the transaction is still under way in the server. */
const LOCK_TIMEOUT = "55P03";

interface Put {
  readonly key: CompletionKey;
  readonly completion: Completion;
}

/**
 * Whether it stands. To look for its completion would not do: the server may still be about to commit it. So the key is
 * claimed, which waits for every transaction that has it, and succeeds only if none of them committed.
 * @param withinMs how long to wait for the server, or one that takes its place.
 * @throws CommitUnknown if that was not enough, or the transaction put no completion; CompletionExists if it is undone, and another
 * attempt at the call committed.
 */
export async function settleCommit(pool: PgPool, tables: Tables, puts: Iterable<Put>, withinMs: number, cause: unknown): Promise<boolean> {
  const [put] = puts;
  const until = performance.now() + withinMs;
  let last = cause;
  while (put !== undefined && performance.now() < until) {
    try {
      return await look(pool, tables, put, until - performance.now());
    } catch (error) {
      if (error instanceof CompletionExists) throw error;
      last = error;
      if (isServerError(error) && error.code === LOCK_TIMEOUT) break;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new CommitUnknown(`The connection to PostgreSQL was lost at the commit, and nothing tells whether it stands: ${messageOf(last)}.`, { cause });
}

async function look(pool: PgPool, tables: Tables, { key, completion }: Put, timeoutMs: number): Promise<boolean> {
  const connection = await Connection.open(pool);
  try {
    await connection.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = ${Math.max(1, Math.ceil(timeoutMs))}`);
    if ((await connection.query(claimCompletion(tables), keyValues(key))).rows.length > 0) return false;
    const [row] = (await connection.query(selectCompletion(tables), keyValues(key))).rows;
    if (row !== undefined && equalCompletions(completionOf(row), completion)) return true;
    throw new CompletionExists(`Another attempt at call ${key.sequence} of client ${key.client} committed: answer with its completion.`);
  } finally {
    await connection.abandon();
  }
}
