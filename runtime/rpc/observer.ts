/** What can be watched of calls, to make metrics, traces and logs of it. Calls go as they would without. */
import type { Peer } from "../transport/transport.js";
import type { Code, Executed, Reason } from "./codes.js";
import type { Context } from "./context.js";
import type { AnyMethod } from "./descriptor.js";
import type { HeadersInit } from "./headers.js";

/** A call that begins: on the client before its first attempt, on the server when its request has come. */
export interface ObservedCall {
  /** Its path, kind and promise. */
  readonly method: AnyMethod;
  /** On the server: what its handler gets. Who calls is not known yet. */
  readonly context: Context | undefined;
}

/** An attempt that leaves the client. */
export interface ObservedAttempt {
  /** `<32 hexadecimal digits>/<sequence>`: the same on both sides, and for all attempts. */
  readonly callId: string;
  /** From 1. */
  readonly number: number;
  /** Where it goes, and by which transport. */
  readonly peer: Peer;
  /** The server instance. */
  readonly instance: string;
  /** Of the request as it travels, without what stands around it; 0 where the requests are a stream. */
  readonly bytes: number;
}

/** How a call ended for its caller. */
export interface ObservedEnd {
  readonly callId: string;
  readonly code: Code | "OK";
  readonly reason: Reason | undefined;
  readonly executed: Executed;
  /** That left; on the server the number of this one. */
  readonly attempts: number;
  /** Of all that was sent and received of the call as it travels, without what stands around it; attempts count each. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly durationMs: number;
}

/** What is told of one call, in this order; the last exactly once. What it throws is lost. */
export interface CallObserver {
  /** On the client: sent along, such as a trace's; beside them those of the call's options are weaker. */
  readonly headers?: HeadersInit | undefined;
  attempt?(attempt: ObservedAttempt): void;
  end?(end: ObservedEnd): void;
}

/** Asked when a call begins; what it returns is told the rest. Without an observer a call pays for a comparison and two additions. */
export type Observe = (call: ObservedCall) => CallObserver | undefined;

/** The observer of a call, made harmless. */
export function observed(observe: Observe, call: ObservedCall): CallObserver | undefined {
  const observer = harmless(() => observe(call));
  return observer && {
    headers: harmless(() => observer.headers),
    attempt: (attempt) => harmless(() => observer.attempt?.(attempt)),
    end: (end) => harmless(() => observer.end?.(end)),
  };
}

function harmless<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}
