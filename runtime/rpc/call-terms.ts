/** What a caller's options, the schema and the parent call amount to for one call. */
import { PARENT, type CallOptions } from "./call-options.js";
import { timeoutOf } from "./deadline.js";
import type { AnyMethod } from "./descriptor.js";
import { encodeHeaders, joinHeaders, NO_HEADERS } from "./headers.js";
import type { Limits } from "./limits.js";

export interface CallTerms {
  /** Milliseconds, or Infinity. */
  readonly timeoutMs: number;
  /** Encoded; undefined for none. */
  readonly headers: Uint8Array | undefined;
  /** The derived id of a child call. */
  readonly key: Uint8Array | undefined;
  readonly hop: number;
}

/**
 * @param channelMs the channel's default deadline for unary calls.
 * @throws Error that says which option makes no sense.
 */
export function termsOf(
  method: AnyMethod,
  options: CallOptions | undefined,
  channelMs: number | undefined,
  limits: Limits,
): CallTerms {
  const parent = options?.[PARENT];
  const ownMs = options?.timeoutMs;
  if (ownMs !== undefined && !(ownMs >= 0)) throw new Error(`timeoutMs is ${ownMs}, not a number of milliseconds`);
  const headers = joinHeaders(options?.headers, parent?.headers ?? NO_HEADERS);
  return {
    timeoutMs: timeoutOf(method, ownMs, channelMs, parent?.remainingMs() ?? Infinity),
    headers: headers === undefined ? undefined : encodeHeaders(headers, limits),
    key: parent?.childKey(method.path),
    hop: parent?.hop ?? 0,
  };
}
