/**
 * The contract of what keeps a call from running twice. A server asks the guard of the method's promise between
 * authentication and admission; what is known of the call already is answered even by a server that takes no new ones.
 */
import type { AnyMethod, Semantics, ServiceDescriptor } from "../descriptor.js";
import type { RpcError } from "../errors.js";
import type { Kind, SessionPlace } from "../protocol/frame.js";
import type { Keeping } from "../protocol/handshake.js";
import type { Random } from "../random.js";
import type { Timers } from "../timers.js";
import type { ServerLimits } from "./server-limits.js";

/** The end of a call as its frame carries it. Equal ids get equal bytes, however often they ask. */
export interface Answer {
  readonly kind: typeof Kind.REPLY | typeof Kind.ERROR;
  /** A response, or the body of an ERROR. */
  readonly payload: Uint8Array;
}

/** The id of a call within its client, or beyond it. */
export interface CallName {
  readonly method: AnyMethod;
  /** From 1 in the client's order; 0 with a key. */
  readonly sequence: number;
  readonly key: Uint8Array | undefined;
  /** Milliseconds since the first attempt of the oldest call on the way here. */
  readonly ageMs: number;
}

export interface GuardedCall extends CallName {
  /** Every call of the client with a smaller sequence is settled; 0 with a key. */
  readonly ackBelow: number;
  /** From 1. */
  readonly attempt: number;
  /** How many calls above this one are retries themselves. */
  readonly hop: number;
  /** Of `@failStop`. */
  readonly session?: SessionPlace | undefined;
  /** The request: a view, valid until `claim` returns. */
  readonly payload: Uint8Array;
}

/**
 * Who claims a call or asks for its outcome. Exactly one of the first three is called, and after `attached` one of the
 * other two.
 */
export interface Asker {
  /** Nobody has run the call, and it is its turn: the asker runs it. */
  granted(ticket: Ticket): void;
  /** Another attempt is running, or another call comes first. */
  attached(place: Place): void;
  answered(answer: Answer): void;
  /**
   * Of the asker that runs the call: the last one who waited beside it has left, or its session is over.
   * @param reason undefined: by a lost connection, so that it may come back.
   */
  deserted(reason: RpcError | undefined): void;
}

/** The right to run a call. Exactly one of `complete` and `release` is called. */
export interface Ticket {
  /** Whether anybody else waits for the outcome. */
  readonly awaited: boolean;
  /** Whether the call runs on when its connection is lost, for its caller comes back. */
  readonly outlivesConnection: boolean;
  /** Its caller left before the end. */
  left?(): void;
  /**
   * Of a call whose effect and record are one commit: runs `work` with the transaction as the user sees it, and gives the
   * answer that stands in the end. `work` may run again, if nothing of it remained, and rejects with RolledBack only; it gets the
   * request's bytes too, for a run must not begin with what the one before has made of the request. Never rejects.
   */
  commit?(work: (tx: unknown, payload: Uint8Array) => Promise<Answer>): Promise<Answer>;
  /** The handler came to its end, whether its caller still waits or not. */
  complete(answer: Answer): void;
  /** It did not begin and will not: no record stays. Who waits is told `refusal`. */
  release(refusal: Answer): void;
}

/** What a handler threw within a transaction: nothing of what it did there stays. */
export class RolledBack extends Error {
  readonly answer: Answer;
  /** Whether it is an outcome that is kept, or the call may be tried again. */
  readonly recorded: boolean;

  constructor(answer: Answer, recorded: boolean) {
    super("the handler failed");
    this.answer = answer;
    this.recorded = recorded;
  }
}

/** A place among those who wait for an outcome. */
export interface Place {
  /** @param reason undefined: the connection was lost, and the caller may come back. */
  leave(reason: RpcError | undefined): void;
}

/** The records of one client under one principal. */
export interface CallerRecords {
  claim(call: GuardedCall, asker: Asker): void;
  /**
   * What became of a call: its outcome, now or when it ends; or ERROR with `executed` no for a call that has not begun
   * and from now on never will; or with unknown. Never `granted`.
   */
  settle(call: CallName, asker: Asker): void;
  /** A connection that had opened them is over. */
  close(): void;
}

export interface CallGuard {
  /** Asked once for each principal and connection. */
  open(principal: string, client: Uint8Array): CallerRecords;
}

/** What the guards of a server are made with. */
export interface GuardSetting {
  readonly services: readonly ServiceDescriptor[];
  readonly limits: ServerLimits;
  readonly timers: Timers;
  readonly random: Random;
  /** Tells the operator. */
  readonly report: (error: unknown) => void;
}

/** The guards of a server, by promise: a promise without one is kept without records. */
export interface Guards extends Keeping {
  readonly of: { readonly [S in Semantics]?: CallGuard | undefined };
  /** What records take in memory now, in bytes as they are counted. */
  readonly recordBytes: number;
  close(): void;
}

export type MakeGuards = (setting: GuardSetting) => Guards;

/** Of a server that keeps nothing: its clients ask once. */
export const noGuards: MakeGuards = () => ({ of: {}, recordBytes: 0, retentionMs: undefined, storeId: undefined, close: () => {} });
