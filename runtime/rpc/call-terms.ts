/** What a caller's options, the schema and the parent call amount to for one call. */
import type { CallHost } from "./call-host.js";
import { PARENT, type CallOptions } from "./call-options.js";
import { timeoutOf } from "./deadline.js";
import type { AnyMethod } from "./descriptor.js";
import { encodeHeaders, joinHeaders, NO_HEADERS } from "./headers.js";

export interface CallTerms {
  /** Milliseconds, or Infinity. */
  readonly timeoutMs: number;
  /** Encoded; undefined for none. */
  readonly headers: Uint8Array | undefined;
  /** The derived id of a child call. */
  readonly key: Uint8Array | undefined;
  readonly hop: number;
  /** On the clock's scale: when the oldest call on the way here was first made, this one included. */
  readonly bornAt: number;
}

/**
 * @param now on the clock's scale.
 * @throws Error that says which option makes no sense.
 */
export function termsOf(
  method: AnyMethod,
  options: CallOptions | undefined,
  { timeoutMs: channelMs, limits }: CallHost,
  now: number,
): CallTerms {
  const parent = options?.[PARENT];
  const ownMs = options?.timeoutMs;
  if (ownMs !== undefined && !(ownMs >= 0)) throw new Error(`timeoutMs is ${ownMs}, not a number of milliseconds`);
  if (options?.step !== undefined && parent === undefined) throw new Error("step names a call within a handler: ctx.client");
  const headers = joinHeaders(options?.headers, parent?.headers ?? NO_HEADERS);
  return {
    timeoutMs: timeoutOf(method, ownMs, channelMs, parent?.remainingMs() ?? Infinity),
    headers: headers === undefined ? undefined : encodeHeaders(headers, limits),
    key: parent?.childKey(method.path, options?.step),
    hop: parent?.hop ?? 0,
    bornAt: now - (parent?.ageMs() ?? 0),
  };
}
