/**
 * What stands around every call, on either side: one function type each, an onion. The first interceptor of the list is
 * the outermost: it sees the call first and its outcome last. On the client the onion lies around all attempts of a
 * call, on the server around the handler, behind authentication and admission.
 */
import type { CallOptions } from "./call-options.js";
import type { Context } from "./context.js";
import type { AnyMethod } from "./descriptor.js";

/** A call on its way out. `next({ ...call, … })` passes on a changed one. */
export interface OutgoingCall {
  readonly method: AnyMethod;
  /** The parameters, or an iterable of elements where the method takes a stream. */
  readonly request: unknown;
  /** An option of the interceptor's own is its to take out: the channel refuses names that it does not know. */
  readonly options: CallOptions;
}

/** A call on its way to the handler. */
export interface IncomingCall {
  readonly method: AnyMethod;
  /** The parameters, or an AsyncIterable of elements where the method takes a stream. */
  readonly request: unknown;
  readonly context: Context;
}

/**
 * Resolves to the response, or to an AsyncIterable of elements where the method answers with a stream; what it throws
 * is what the caller gets. It may call `next` more than once only where the request is no iterable.
 */
export type Interceptor<Call> = (call: Call, next: (call: Call) => Promise<unknown>) => Promise<unknown>;

export type ClientInterceptor = Interceptor<OutgoingCall>;
export type ServerInterceptor = Interceptor<IncomingCall>;

/** The whole onion around `core`. */
export function surround<Call>(
  interceptors: readonly Interceptor<Call>[],
  core: (call: Call) => Promise<unknown>,
): (call: Call) => Promise<unknown> {
  return interceptors.reduceRight<(call: Call) => Promise<unknown>>(
    (next, interceptor) => async (call) => interceptor(call, next),
    core,
  );
}
