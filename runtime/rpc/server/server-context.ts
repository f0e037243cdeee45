/** The context of a call on a server. */
import type { Peer } from "../../transport/transport.js";
import { deriveKey, formatCallId, type CallId } from "../call-id.js";
import type { Caller, ParentCall } from "../call-options.js";
import type { ClientClass, Context } from "../context.js";
import { criticalityOf, type Criticality } from "../criticality.js";
import type { Semantics } from "../descriptor.js";
import type { RpcError } from "../errors.js";
import type { Headers } from "../headers.js";
import type { CallHead } from "../protocol/frame.js";
import type { Timers } from "../timers.js";
import { ChildCaller } from "./child-caller.js";

/** What the context takes from the call's frame and its session. */
export interface ContextInit {
  /** The caller's. */
  readonly clientId: Uint8Array;
  readonly head: CallHead;
  readonly semantics: Semantics;
  readonly headers: Headers;
  readonly peer: Peer;
  /** On the clock's scale; Infinity for none. */
  readonly deadlineAt: number;
  /** On the clock's scale. */
  readonly receivedAt: number;
  readonly timers: Timers;
}

export class ServerContext implements Context, ParentCall {
  principal: unknown;
  readonly headers: Headers;
  readonly attempt: number;
  readonly #init: ContextInit;
  #controller: AbortController | undefined;
  #listeners: Set<(reason: RpcError) => void> | undefined;
  #aborted: RpcError | undefined;
  #finished = false;
  #ordinals: Map<string, number> | undefined;
  #tx: unknown;
  /** As `receivedAt`, by the time of day. */
  readonly #receivedOn: number;

  constructor(init: ContextInit) {
    this.#init = init;
    this.#receivedOn = init.timers.clock.wall();
    this.headers = init.headers;
    this.attempt = init.head.attempt;
  }

  /** Of a handler that runs within a transaction. */
  get tx(): unknown {
    return this.#tx;
  }

  /** The handler begins, perhaps not for the first time: its child calls are the same again. */
  within(tx: unknown): void {
    this.#tx = tx;
    this.#ordinals = undefined;
  }

  /** Made when first asked for: most handlers never do. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted !== undefined && !this.#controller.signal.aborted) this.#controller.abort(this.#aborted);
    return this.#controller.signal;
  }

  get deadline(): Date | undefined {
    const remaining = this.remainingMs();
    // A Date has whole milliseconds: the next one, so that it is not over before the time is.
    return remaining === Infinity ? undefined : new Date(Math.ceil(this.#init.timers.clock.wall() + remaining));
  }

  get peer(): Peer {
    return this.#init.peer;
  }

  get callId(): string {
    return formatCallId(this.#id);
  }

  get #id(): CallId {
    const { head, clientId } = this.#init;
    return { client: head.key ?? clientId, sequence: head.sequence };
  }

  client<Client>(Client: ClientClass<Client>, channel: Caller): Client {
    return new Client(new ChildCaller(channel, this, this.#init.semantics === "readonly"));
  }

  remainingMs(): number {
    const { deadlineAt, timers } = this.#init;
    return deadlineAt === Infinity ? Infinity : Math.max(0, deadlineAt - timers.clock.now());
  }

  get criticality(): Criticality {
    return criticalityOf(this.rank);
  }

  get rank(): number {
    return this.#init.head.rank;
  }

  get hop(): number {
    return this.#init.head.hop + (this.attempt > 1 ? 1 : 0);
  }

  /** By the time of day where that has come further: while a machine sleeps, its clock may stand still. */
  ageMs(): number {
    const { head, receivedAt, timers: { clock } } = this.#init;
    return head.ageMs + Math.floor(Math.max(clock.now() - receivedAt, clock.wall() - this.#receivedOn));
  }

  childKey(path: string, step: string | undefined): Uint8Array {
    if (step !== undefined) return deriveKey(this.#id, path, step);
    this.#ordinals ??= new Map();
    const ordinal = this.#ordinals.get(path) ?? 0;
    this.#ordinals.set(path, ordinal + 1);
    return deriveKey(this.#id, path, ordinal);
  }

  get aborted(): RpcError | undefined {
    return this.#aborted;
  }

  onAbort(listener: (reason: RpcError) => void): () => void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }

  abort(reason: RpcError): void {
    if (this.#finished || this.#aborted !== undefined) return;
    this.#aborted = reason;
    this.#controller?.abort(reason);
    for (const listener of [...(this.#listeners ?? [])]) listener(reason);
  }

  /** The handler came to its end: nothing aborts any more. */
  finish(): void {
    this.#finished = true;
  }
}
