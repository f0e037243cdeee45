/** Which failures are tried again, and after how long. */
import type { Code } from "../codes.js";
import type { AnyMethod } from "../descriptor.js";
import type { RpcError } from "../errors.js";
import { isGuarded } from "../protocol/fence.js";
import type { Random } from "../random.js";

/** Attempts of a call, the first included, where `@retry` says nothing. */
const DEFAULT_ATTEMPTS = 3;

/** A server's wish to wait is followed, but by no more than this over what we would have waited anyway. */
const MAX_PUSHBACK_EXTRA_MS = 5_000;

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

const NETWORK_BACKOFF: Backoff = { baseMs: 50, capMs: 2_000 };
/** Within a host there is no network to be congested; what fails there is restarting. */
const INTRA_HOST_BACKOFF: Backoff = { baseMs: 2, capMs: 100 };

/** Who is turned away without a word on how long to wait had better wait long. */
const THROTTLED_BACKOFF: Backoff = { baseMs: 1_000, capMs: 20_000 };

export function retryBackoff(error: RpcError, intraHost: boolean): Backoff {
  if (isThrottled(error) && error.retryAfterMs === undefined) return THROTTLED_BACKOFF;
  return intraHost ? INTRA_HOST_BACKOFF : NETWORK_BACKOFF;
}

/** Whether the server turned the call away for having too much to do. */
export function isThrottled(error: RpcError): boolean {
  return error.code === "RESOURCE_EXHAUSTED" && error.executed === "no";
}

/**
 * How often the method may be sent at most. A guarded call is sent again where it surely did not run, or where it is
 * answered by what is known of it; what a stream has sent is gone.
 */
export function attemptsOf(method: AnyMethod): number {
  if (method.semantics === "failStop" || (isGuarded(method.semantics) && method.kind !== "unary")) return 1;
  return Math.max(1, method.attempts ?? DEFAULT_ATTEMPTS);
}

/** Codes that proxies and libraries take for leave to try again: never of a guarded call that may have run. */
export const RETRIED_BY_OTHERS: ReadonlySet<Code> = new Set<Code>(["UNAVAILABLE", "ABORTED", "RESOURCE_EXHAUSTED"]);

/** Failures before the handler that would only repeat themselves. */
const PERMANENT: ReadonlySet<Code> = new Set<Code>([
  "CANCELLED",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "FAILED_PRECONDITION",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "UNAUTHENTICATED",
]);

/**
 * Whether a further attempt could end better.
 * @param asked the server that it was lost to is asked again, and answers by what it knows.
 */
export function isRetryable(error: RpcError, method: AnyMethod, asked: boolean): boolean {
  if (error.retryAfterMs !== undefined && error.retryAfterMs < 0) return false;
  if (isGuarded(method.semantics)) {
    if (error.executed === "no") return !PERMANENT.has(error.code);
    if (asked || error.reason === "IN_PROGRESS") return true;
    // Where the effect commits with its record, any number of attempts comes to one.
    return method.semantics === "exactlyOnce" && (error.code === "UNAVAILABLE" || error.reason === "OUTCOME_UNKNOWN");
  }
  if (error.errorName !== undefined) {
    const declared = method.errors.find(({ name }) => name === error.errorName);
    return error.code === "UNAVAILABLE" || declared?.retryable === true;
  }
  if (error.code === "UNAVAILABLE" || error.reason === "OUTCOME_UNKNOWN") return true;
  return error.executed === "no" && !PERMANENT.has(error.code);
}

/**
 * Full jitter: anything from nothing to the exponential bound, so that those who failed together do not come back
 * together.
 * @param retry 0 for the first one.
 */
export function retryDelayMs(retry: number, error: RpcError, backoff: Backoff, random: Random): number {
  const computed = random.fraction() * Math.min(backoff.capMs, backoff.baseMs * 2 ** retry);
  if (error.retryAfterMs === undefined) return computed;
  return Math.min(Math.max(error.retryAfterMs, computed), computed + MAX_PUSHBACK_EXTRA_MS);
}
