/** What a guard answers where it has no outcome to give. */
import type { Code, Executed, Reason } from "../rpc/codes.js";
import { isCode, RpcError } from "../rpc/errors.js";
import { ownFailure } from "../rpc/protocol/failure.js";
import { errorBody, Kind } from "../rpc/protocol/frame.js";
import type { Answer } from "../rpc/server/guard.js";

/** How long who finds too many waiting for a call is told to wait, in milliseconds. */
const IN_PROGRESS_RETRY_MS = 100;

function refuse(
  what: Reason | Code,
  executed: Executed,
  message: string,
  retryAfterMs?: number,
): Answer {
  const named = isCode(what) ? { code: what } : { reason: what };
  return { kind: Kind.ERROR, payload: errorBody(ownFailure(new RpcError({ ...named, message, retryAfterMs }), executed)) };
}

export const stale = (): Answer =>
  refuse("STALE", "unknown", "the records of so old a call are gone; it was not run again");

export const reused = (path: string): Answer =>
  refuse("CALL_ID_REUSED", "no", `the id of this call of ${path} came with another method or other arguments before`);

export const notRetained = (): Answer =>
  refuse("REPLY_NOT_RETAINED", "yes", "the call ran; its outcome was too large to keep");

export const inProgress = (): Answer =>
  refuse("IN_PROGRESS", "unknown", "an attempt of the call is running, and too many wait for it", IN_PROGRESS_RETRY_MS);

/** The answer to a call, or a question, that finds a tombstone. */
export const neverRuns = (): Answer =>
  refuse("CANCELLED", "no", "somebody asked what became of the call before it began: it did not run and never will");

export const restarted = (): Answer =>
  refuse("OUTCOME_UNKNOWN", "unknown", "the server has started since this call may have run first, and does not know");

export const noRoom = (retryAfterMs: number): Answer =>
  refuse("RESOURCE_EXHAUSTED", "no", "the server keeps as many outcomes of guarded calls as it may", retryAfterMs);

export const storeDown = (): Answer =>
  refuse("UNAVAILABLE", "no", "the completion store cannot be reached; nothing was committed");

export const storeRefused = (): Answer =>
  refuse("INTERNAL", "no", "the transaction of the call was refused; nothing was committed, and the server's log says why");

/** A question that the store cannot be asked now. */
export const storeSilent = (retryAfterMs: number): Answer =>
  refuse("OUTCOME_UNKNOWN", "unknown", "the completion store cannot be reached", retryAfterMs);

export const outcomeOpen = (): Answer =>
  refuse("OUTCOME_UNKNOWN", "unknown", "the completion store was lost while the call committed");

export const revoked = (why: string): Answer => refuse("SESSION_REVOKED", "no", `the session is over: ${why}`);

export const unknownSession = (): Answer =>
  revoked("the server does not know it; it may have rested while other sessions of its connection needed the room");

export const sessionless = (path: string): Answer =>
  refuse("FAILED_PRECONDITION", "no", `${path} is @failStop and came without a session`);
