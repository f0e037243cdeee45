/** A completion as a row of the table. */
import type { Completion, CompletionKey, CompletionOutcome } from "../../idempotency/completion-store.js";
import type { Tables } from "./schema.js";

/** Milliseconds since 1970 by the one clock that all servers share. */
export const DATABASE_TIME = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** The parameters $1 to $3 of every statement about one completion. */
export function keyValues({ client, sequence, principal }: CompletionKey): unknown[] {
  return [client, sequence, principal];
}

const BY_KEY = "client = $1 AND sequence = $2 AND principal = $3";

export function selectCompletion({ completions }: Tables): string {
  return `SELECT method, fingerprint, outcome, payload, completed_at FROM ${completions} WHERE ${BY_KEY} AND outcome IS NOT NULL`;
}

/**
 * Takes the key, and waits for whoever else is taking it. No row comes back if it has a completion; else the place of the
 * claim, by which it is changed. Through the index it would be found just as well, but for SERIALIZABLE that reads the
 * page on which others make their claims.
 */
export function claimCompletion({ completions }: Tables): string {
  return `INSERT INTO ${completions} (client, sequence, principal) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING ctid::text AS place`;
}

export function dropClaim({ completions }: Tables): string {
  return `DELETE FROM ${completions} WHERE ctid = $1::tid`;
}

/** $6 of a store that is told what time it is; else the database's time stands. */
export function fillClaim({ completions }: Tables): string {
  return `UPDATE ${completions} SET method = $2, fingerprint = $3, outcome = $4, payload = $5, completed_at = coalesce($6::bigint, ${DATABASE_TIME})
    WHERE ctid = $1::tid AND outcome IS NULL`;
}

/** The parameters of `fillClaim` behind the place. */
export function completionValues({ method, fingerprint, outcome, completedAt }: Completion, isTold: boolean): unknown[] {
  const payload = "payload" in outcome ? Buffer.from(outcome.payload) : null;
  return [method, Buffer.from(fingerprint), outcome.kind, payload, isTold ? Math.floor(completedAt) : null];
}

export function completionOf(row: Record<string, unknown>): Completion {
  const kind = row["outcome"] as CompletionOutcome["kind"];
  return {
    method: String(row["method"]),
    fingerprint: bytesOf(row["fingerprint"]),
    outcome: kind === "reply" || kind === "error" ? { kind, payload: bytesOf(row["payload"]) } : { kind },
    // bigint arrives as text.
    completedAt: Number(row["completed_at"]),
  };
}

function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(value as Uint8Array);
}

/** But for the time, which the database may have set. */
export function equalCompletions(a: Completion, b: Completion): boolean {
  const payload = ({ outcome }: Completion): Uint8Array => ("payload" in outcome ? outcome.payload : new Uint8Array());
  return (
    a.method === b.method &&
    a.outcome.kind === b.outcome.kind &&
    Buffer.compare(a.fingerprint, b.fingerprint) === 0 &&
    Buffer.compare(payload(a), payload(b)) === 0
  );
}
