/** A failed call as our own client is told it: the status for proxies, and the body of an ERROR frame. */
import { messageOf, RpcError } from "../rpc/errors.js";
import { ownFailure } from "../rpc/protocol/failure.js";
import { errorBody, type ErrorFrame } from "../rpc/protocol/frame.js";
import type { AnswerHead } from "./answer.js";
import { UNCACHED } from "./cache.js";
import { Refusal, STATUSES } from "./failure.js";
import { ERROR_TYPE } from "./framed-call.js";

export function errorHead({ code, retryAfterMs }: Pick<ErrorFrame, "code" | "retryAfterMs">): AnswerHead {
  const waits = retryAfterMs !== undefined && retryAfterMs >= 0;
  return {
    status: STATUSES[code],
    headers: { "content-type": ERROR_TYPE, "cache-control": UNCACHED, ...(waits && { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }) },
  };
}

/**
 * Of what was found wrong before a session had the call.
 * @param asked whether the request asks what became of a call: that it is refused says nothing of the call.
 */
export function errorAnswer(error: unknown, asked: boolean): { readonly head: AnswerHead; readonly body: Uint8Array } {
  if (error instanceof Refusal) {
    const { status, code, message, headers } = error;
    const head = errorHead({ code, retryAfterMs: undefined });
    return { head: { status, headers: { ...head.headers, ...headers } }, body: errorBody(ownFailure(new RpcError({ code, message }), asked ? "unknown" : "no")) };
  }
  const failure = error instanceof RpcError ? error : new RpcError({ code: "INTERNAL", message: messageOf(error), executed: "unknown" });
  return { head: errorHead(failure), body: errorBody(ownFailure(failure, asked ? "unknown" : failure.executed)) };
}
