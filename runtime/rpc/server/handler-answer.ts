/** What a handler gave or threw, as the frame that answers its call. */
import { encodeChecked } from "../checked-payload.js";
import type { Executed } from "../codes.js";
import type { AnyMethod } from "../descriptor.js";
import { RpcError } from "../errors.js";
import { handlerFailure, ownFailure } from "../protocol/failure.js";
import { errorBody, Kind } from "../protocol/frame.js";
import { RolledBack, type Answer } from "./guard.js";

export type Report = (error: unknown) => void;

/** What is told of a fault; asked for when there is one. */
export interface Reporter {
  readonly report: Report;
}

/**
 * @param limit in bytes.
 * @throws RpcError of which only the code and a general message reach the caller: the handler broke its own contract.
 */
export function encodeResponse(method: AnyMethod, value: unknown, limit: number, reporter: Reporter): Uint8Array {
  let payload: Uint8Array;
  try {
    payload = encodeChecked(method.response, value);
  } catch (error) {
    reporter.report(error);
    throw new RpcError({ code: "INTERNAL", message: `the answer of ${method.path} does not fit its type`, cause: error });
  }
  if (payload.length > limit) throw tooLarge(payload.length, limit);
  return payload;
}

/** What stands in an ERROR beside the fields of a declared error, in bytes at most. */
const ERROR_ROOM_BYTES = 4 << 10;

/** The answer; one that its peer would not take is, in its place, the error that says so: the call ran. */
export function fitting(answer: Answer, limit: number): Answer {
  const { kind, payload } = answer;
  if (payload.length <= (kind === Kind.ERROR ? limit + ERROR_ROOM_BYTES : limit)) return answer;
  return ownAnswer(tooLarge(payload.length, limit), "yes");
}

function tooLarge(bytes: number, limit: number): RpcError {
  const message = `an answer of ${bytes} bytes exceeds the limit of ${limit}`;
  return new RpcError({ code: "RESOURCE_EXHAUSTED", message, retryAfterMs: -1 });
}

export function untaken(bytes: number, retryAfterMs: number): RpcError {
  const message = `an answer of ${bytes} bytes is dropped, for its caller takes less than it asks for (\`limits.maxConnectionReplyBytes\`, \`maxReplyBytes\` of \`serve\`)`;
  return new RpcError({ code: "RESOURCE_EXHAUSTED", executed: "yes", message, retryAfterMs });
}

/** The handler ran and did not succeed. */
export function thrownAnswer(method: AnyMethod, error: unknown, report: Report): Answer {
  try {
    if (!(error instanceof RpcError)) report(error);
    return { kind: Kind.ERROR, payload: errorBody(handlerFailure(error, method.errors)) };
  } catch (unfit) {
    // Its fields do not fit, or it is an object that throws whatever is asked of it, such as a revoked proxy.
    report(unfit);
    return { kind: Kind.ERROR, payload: errorBody(handlerFailure(undefined, [])) };
  }
}

/**
 * The handler ran within a transaction and did not succeed. A declared error is an outcome; any other leaves nothing
 * behind, so that the call may be tried again.
 */
export function rolledBack(method: AnyMethod, error: unknown, report: Report): RolledBack {
  try {
    if (error instanceof RolledBack) return error;
    if (error instanceof RpcError && method.errors.some(({ name }) => name === error.errorName)) {
      return new RolledBack(thrownAnswer(method, error, report), true);
    }
    if (!(error instanceof RpcError)) report(error);
    return undone(error);
  } catch (unfit) {
    report(unfit);
    return undone(undefined);
  }
}

function undone(error: unknown): RolledBack {
  const { retryAfterMs } = error instanceof RpcError ? error : { retryAfterMs: undefined };
  const { code, message } = handlerFailure(error, []);
  return new RolledBack(ownAnswer(new RpcError({ code, message, retryAfterMs }), "no"), false);
}

/** A failure that the runtime itself found. */
export function ownAnswer(error: RpcError, executed: Executed): Answer {
  return { kind: Kind.ERROR, payload: errorBody(ownFailure(error, executed)) };
}
