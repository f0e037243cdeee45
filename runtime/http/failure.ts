/** A failed call as HTTP tells it: a status that proxies understand, and JSON that says it in our words. */
import type { Code } from "../rpc/codes.js";
import { RpcError } from "../rpc/errors.js";
import type { ServiceJson } from "../rpc/server/service-table.js";
import type { JsonValue } from "../wire/json/json-type.js";

/** The mapping of gRPC's gateways and of Connect. */
export const STATUSES: Readonly<Record<Code, number>> = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

/** What is wrong with a request as HTTP, with the status that HTTP has for it. No call was made. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly code: Code;

  constructor(status: number, code: Code, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export interface Failure {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { [key: string]: JsonValue };
}

/** Of anything that was thrown; of what is neither of ours no more is told than that it happened. */
export function failureOf(error: unknown, errors: ServiceJson["errors"] = {}): Failure {
  if (error instanceof Refusal) {
    const { status, headers, code, message } = error;
    return { status, headers, body: { code, message, executed: "no" } };
  }
  if (!(error instanceof RpcError)) {
    return { status: 500, headers: {}, body: { code: "INTERNAL", message: "the request could not be handled", executed: "unknown" } };
  }
  const { code, message, executed, reason, errorName, retryAfterMs, callId } = error;
  const details = errorName !== undefined && Object.hasOwn(errors, errorName) ? detailsOf(error, errors[errorName]) : undefined;
  const waits = retryAfterMs !== undefined && retryAfterMs >= 0;
  return {
    status: STATUSES[code],
    headers: waits ? { "retry-after": String(Math.ceil(retryAfterMs / 1000)) } : {},
    body: {
      code,
      message,
      executed,
      ...(reason !== undefined && { reason }),
      ...(errorName !== undefined && { error: errorName }),
      ...(details !== undefined && { details }),
      ...(waits && { retryAfterMs }),
      ...(callId !== "" && { callId }),
    },
  };
}

function detailsOf(error: RpcError, codec: ServiceJson["errors"][string] | undefined): JsonValue | undefined {
  try {
    return codec?.toJson(error);
  } catch {
    return undefined;
  }
}
