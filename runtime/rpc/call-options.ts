/** What a caller may say about a call, and what carries it. */
import type { Criticality } from "./criticality.js";
import type { AnyMethod } from "./descriptor.js";
import type { RpcError } from "./errors.js";
import type { Headers, HeadersInit } from "./headers.js";

/**
 * Under it a call made through `ctx.client` carries the call that it is made for. The same in all copies of the
 * runtime.
 */
export const PARENT: unique symbol = Symbol.for("@rpcgen/runtime.parent");

/** Under it a call of a `@failStop` method carries the session that it is a part of: a `FailStopSession`, which is the client's alone. */
export const SESSION: unique symbol = Symbol.for("@rpcgen/runtime.session");

export interface CallOptions {
  /**
   * Milliseconds for the whole call, all attempts and waiting included; Infinity for none. Default: `@deadline`, else
   * 10 s for unary calls and none for the other kinds. A call within a call never gets more than what remains to its
   * parent.
   */
  readonly timeoutMs?: number | undefined;
  /** Aborting it cancels the call, and the handler's `ctx.signal` aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Sent with the call; at most 64 and 16 KiB. Keys are letters, digits, ".", "_" and "-"; case does not matter. */
  readonly headers?: HeadersInit | undefined;
  /**
   * Of a call made through `ctx.client`: names it within its handler, so that a handler that runs again, even in another
   * order, makes the same call and not a new one. Default: how many calls of the method the handler made before.
   */
  readonly step?: string | undefined;
  /**
   * Of an `@exactlyOnce` call: its id, a UUID of version 7 that the application keeps (`newIdempotencyKey()`). The same
   * call made again under it, even by another process, is the same call.
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * How badly the call is needed: a server that cannot do everything turns away `sheddable` calls first, then
   * `deferrable`, `normal` and `critical` ones. Default: that of the call that this one is made for, else `normal`.
   */
  readonly criticality?: Criticality | undefined;
  readonly [PARENT]?: ParentCall | undefined;
  readonly [SESSION]?: object | undefined;
}

/** The call in whose handler another one is made. */
export interface ParentCall {
  /** Milliseconds, or Infinity. */
  remainingMs(): number;
  readonly headers: Headers;
  /** How many calls on the way here were retries: below one, nobody retries. */
  readonly hop: number;
  /** The rank of its criticality. */
  readonly rank: number;
  /** Milliseconds since the first attempt of the oldest call on the way here. */
  ageMs(): number;
  /** The key of the next child call of the method, or of the step. */
  childKey(path: string, step: string | undefined): Uint8Array;
  /** Why the parent was aborted, if it was. */
  readonly aborted: RpcError | undefined;
  /** Returns what takes the listener away again. */
  onAbort(listener: (reason: RpcError) => void): () => void;
}

/**
 * Carries calls: a channel, or a view of one. Every failure is an RpcError, except that an error thrown by a request
 * iterable is passed on as it is. The iterables that are returned can be read once; their call begins with the first
 * read.
 */
export interface Caller {
  unary<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): Promise<Response>;
  serverStream<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: CallOptions,
  ): AsyncIterableIterator<Response>;
  clientStream<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): Promise<Response>;
  duplex<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Requests<Request>,
    options?: CallOptions,
  ): AsyncIterableIterator<Response>;
}

/** Of a call that its caller waits for: while it does, nobody else in the thread could abort it. */
export type SyncCallOptions = Omit<CallOptions, "signal">;

/** Carries calls whose callers wait: a blocking channel, or a view of one. As `Caller`, with values instead of promises of them. */
export interface SyncCaller {
  unary<Request, Response>(method: MethodOf<Request, Response>, params: Request | undefined, options?: SyncCallOptions): Response;
  serverStream<Request, Response>(
    method: MethodOf<Request, Response>,
    params: Request | undefined,
    options?: SyncCallOptions,
  ): IterableIterator<Response>;
  clientStream<Request, Response>(method: MethodOf<Request, Response>, requests: Iterable<Request>, options?: SyncCallOptions): Response;
  /** Requests are taken while a response is waited for, and there is none. */
  duplex<Request, Response>(
    method: MethodOf<Request, Response>,
    requests: Iterable<Request>,
    options?: SyncCallOptions,
  ): IterableIterator<Response>;
}

export type Requests<T> = AsyncIterable<T> | Iterable<T>;

/**
 * Only what tells the types apart, so that a method's codecs may have an input form (what is encoded) and an output
 * form (what is decoded).
 */
export type MethodOf<Request, Response> = Omit<AnyMethod, "request" | "response"> & {
  readonly request: { readonly encode: (value: Request) => Uint8Array };
  readonly response: { readonly decode: (bytes: Uint8Array) => Response };
};
