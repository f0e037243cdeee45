/**
 * How a failure is put for the wire: declared errors with their fields, the runtime's own as they are, and nothing of
 * any other.
 */
import type { Executed } from "../codes.js";
import type { ErrorDescriptor } from "../descriptor.js";
import { RpcError } from "../errors.js";
import type { ErrorFrame } from "./frame.js";

const NO_DETAILS = new Uint8Array();

/** A failure that the runtime itself found. */
export function ownFailure(error: RpcError, executed: Executed): ErrorFrame {
  const { code, reason, message, retryAfterMs } = error;
  return { code, executed, reason, retryAfterMs, errorName: "", message, details: NO_DETAILS };
}

/**
 * What a handler threw. A reason is the runtime's word about the call at hand: one that came with an error of another
 * call is not passed on. Neither is the name of an error that the method does not declare, for its fields would be
 * missing.
 * @throws EncodeError if the fields of a declared error do not fit their types.
 */
export function handlerFailure(error: unknown, declared: readonly ErrorDescriptor[]): ErrorFrame {
  if (!(error instanceof RpcError)) {
    return ownFailure(
      new RpcError({ code: "INTERNAL", message: "the handler failed; the server's log says how" }),
      "yes",
    );
  }
  const frame = { ...ownFailure(error, "yes"), reason: undefined };
  const descriptor = declared.find(({ name }) => name === error.errorName);
  return descriptor === undefined ? frame : { ...frame, errorName: descriptor.name, details: descriptor.encode(error) };
}
