/** What ends a call from its caller's side: an AbortSignal, or the end of the call that it is made for. */
import { PARENT, type CallOptions } from "../call-options.js";
import { RpcError } from "../errors.js";
import { watchAbort } from "./abort-watch.js";

/** Whether anything but its deadline can end the call from this side. */
export function canAbort(options: CallOptions | undefined): boolean {
  return options !== undefined && (options.signal !== undefined || options[PARENT] !== undefined);
}

/** Why the call must not even begin, if so. */
export function abortedBefore(options: CallOptions | undefined): RpcError | undefined {
  const signal = options?.signal;
  return options?.[PARENT]?.aborted ?? (signal?.aborted === true ? reasonOf(signal) : undefined);
}

/** Returns what takes the listeners away again, if any were set up. */
export function onAbort(
  options: CallOptions | undefined,
  listener: (reason: RpcError) => void,
): (() => void) | undefined {
  const signal = options?.signal;
  const forgetParent = options?.[PARENT]?.onAbort(listener);
  if (signal === undefined) return forgetParent;
  const forgetSignal = watchAbort(signal, () => listener(reasonOf(signal)));
  return () => {
    forgetSignal();
    forgetParent?.();
  };
}

/** AbortSignal.timeout() is a deadline by another name. */
function reasonOf(signal: AbortSignal): RpcError {
  const cause: unknown = signal.reason;
  try {
    if (cause instanceof Error && cause.name === "TimeoutError") {
      return new RpcError({ code: "DEADLINE_EXCEEDED", message: "the caller's signal timed out", cause });
    }
  } catch {} // It throws when it is looked at, as a revoked proxy does.
  return new RpcError({ code: "CANCELLED", message: "the caller cancelled the call", cause });
}
