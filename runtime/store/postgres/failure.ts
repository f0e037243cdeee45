/** What an error of `pg` says about the transaction that it struck. */

interface ServerError extends Error {
  /** SQLSTATE. */
  readonly code: string;
  readonly severity: string;
}

/** Whether the server said it, in words: then the connection was there, and a statement that failed did nothing. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "severity" in error && typeof error.severity === "string" && "code" in error && typeof error.code === "string";
}

/** serialization_failure, deadlock_detected: nothing was done, and it may work when it is done again. */
const CONFLICTS: ReadonlySet<string> = new Set(["40001", "40P01"]);

export function isConflict(error: unknown): boolean {
  return isServerError(error) && CONFLICTS.has(error.code);
}

/**
 * Classes in which the server ends the connection, or says that it does not know: connection exceptions, operator
 * intervention (it shuts down, starts, or was cancelled by its administrator) and 40003, statement_completion_unknown.
 */
const ENDS = /^(08|57P|40003)/;

/** Whether the connection is gone with it. Of an error that is not the server's only the connection itself can tell. */
export function endsConnection(error: unknown): boolean {
  return isServerError(error) && (ENDS.test(error.code) || error.severity === "FATAL" || error.severity === "PANIC");
}

/** Whether the server said of this COMMIT that the transaction was rolled back. */
export function isRolledBack(error: unknown): boolean {
  return isServerError(error) && !endsConnection(error);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
