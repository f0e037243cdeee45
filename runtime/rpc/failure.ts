/** How a failure is put for the wire: declared errors with their fields, the runtime's own as they are, and nothing of any other. */
import type { Executed } from "./codes.js";
import type { ErrorDescriptor } from "./descriptor.js";
import { RpcError } from "./errors.js";
import type { ErrorFrame } from "./frame.js";

const NO_DETAILS = new Uint8Array();

/**
 * A reason is the runtime's word about the call at hand: one that came with an error of another call is not passed on. Neither is the name
 * of an error that the method does not declare, for its fields would be missing.
 * @param declared what the method may throw.
 * @param executed what the server knows of this call, whatever the error says of another.
 */
export function describeFailure(error: unknown, declared: readonly ErrorDescriptor[], executed: Executed): ErrorFrame {
  if (!(error instanceof RpcError)) {
    const message = "the handler failed; the server's log says how";
    return { code: "INTERNAL", executed, reason: undefined, retryAfterMs: undefined, errorName: "", message, details: NO_DETAILS };
  }
  const { code, message, retryAfterMs } = error;
  const descriptor = declared.find(({ name }) => name === error.errorName);
  const details = descriptor?.encode(error) ?? NO_DETAILS;
  return { code, executed, reason: undefined, retryAfterMs, errorName: descriptor?.name ?? "", message, details };
}
