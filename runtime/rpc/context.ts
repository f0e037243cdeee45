/** What a handler is told of the call that it answers. */
import type { Peer } from "../transport/transport.js";
import type { Caller } from "./call-options.js";
import type { Criticality } from "./criticality.js";
import type { Headers } from "./headers.js";

/** A generated client class. */
export type ClientClass<Client> = new (caller: Caller) => Client;

export interface Context {
  /**
   * Aborts when the caller cancels or leaves, the deadline passes, the connection breaks or the server closes: its
   * reason is an RpcError. Never after the handler's end. A guarded call (`@atMostOnce`, `@exactlyOnce`) outlives its
   * connection, for its caller comes back to ask for the outcome; the deadline ends it all the same.
   */
  readonly signal: AbortSignal;
  /** By this machine's clock; undefined for none. */
  readonly deadline: Date | undefined;
  /** By lower-case key. */
  readonly headers: Headers;
  readonly peer: Peer;
  /** What `authenticate` made of the headers; undefined without it. */
  readonly principal: unknown;
  /** The same over all attempts of the call. */
  readonly callId: string;
  /** From 1. */
  readonly attempt: number;
  /** How badly the call is needed, by its caller's word. */
  readonly criticality: Criticality;
  /**
   * A client for calls that are made for this one: they end with it, never get more time than it has left, carry its
   * trace headers (traceparent, tracestate, baggage; nothing else) and its criticality, have ids derived from its id,
   * and do not retry if it is a retry itself.
   */
  client<Client>(Client: ClientClass<Client>, channel: Caller): Client;
}
