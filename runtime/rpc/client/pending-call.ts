/**
 * Something that a client wants of a server, from its beginning to its settlement: it waits for a connection, is sent,
 * waits between attempts, and ends by its answer, its deadline or its caller.
 */
import type { CallOptions } from "../call-options.js";
import { worstExecuted, type Code, type Executed } from "../codes.js";
import { NORMAL } from "../criticality.js";
import type { AnyMethod } from "../descriptor.js";
import { RpcError, messageOf } from "../errors.js";
import { FrameError } from "../frame-reader.js";
import type { HeadersInit } from "../headers.js";
import type { CallerExchange } from "../protocol/exchange.js";
import { isGuarded } from "../protocol/fence.js";
import type { ErrorFrame } from "../protocol/frame.js";
import type { RemoteMethod } from "../protocol/handshake.js";
import { Timed } from "../timers.js";
import { abortedBefore, canAbort, onAbort } from "./abortion.js";
import type { CallHost } from "./call-host.js";
import type { Listed } from "./call-list.js";
import { termsOf, type CallTerms } from "./call-terms.js";
import type { ClientSession } from "./client-session.js";
import type { Waiter } from "./connection.js";
import type { KnownMethod } from "./known-method.js";

/** How long a call without a deadline waits for a connection. */
const CONNECT_PATIENCE_MS = 10_000;

export const ONE_ANSWER = "a call with one answer is answered by a reply";

export abstract class PendingCall extends Timed implements CallerExchange, Listed, Waiter {
  sequence = 0;
  previous: Listed | undefined;
  next: Listed | undefined;
  readonly patience = Infinity;
  protected readonly host: CallHost;
  protected readonly method: AnyMethod;
  protected readonly known: KnownMethod;
  /** Whether a server keeps what becomes of it. */
  protected readonly guarded: boolean;
  protected session: ClientSession | undefined;
  protected stream = 0;
  protected terms: CallTerms = NO_TERMS;
  /** On the clock's scale. */
  protected madeAt = 0;
  protected deadlineAt = Infinity;
  /** Those that left. */
  protected attempts = 0;
  /** The worst of them. */
  protected executed: Executed = "no";
  protected readonly options: CallOptions | undefined;
  /** Sent along beside those of the options. */
  protected extraHeaders: HeadersInit | undefined;
  #state: "new" | "waiting" | "open" | "backoff" | "done" = "new";
  #unlisten: (() => void) | undefined;

  constructor(host: CallHost, method: AnyMethod, options: CallOptions | undefined) {
    super();
    this.host = host;
    this.method = method;
    this.known = host.methods.of(method);
    this.guarded = method.kind === "unary" && isGuarded(method.semantics);
    this.options = options;
  }

  /** The answer to a unary request. */
  abstract reply(payload: Uint8Array): void;
  abstract error(frame: ErrorFrame): void;
  abstract lost(error: RpcError): void;
  abstract notStarted(error: RpcError): void;
  /** @throws Error that says what cannot be sent. */
  protected abstract prepare(): void;
  /** Why it must not go to this server. */
  protected abstract breach(session: ClientSession, remote: RemoteMethod): RpcError | undefined;
  /** Sends it on `session`, as `stream`. */
  protected abstract transmit(session: ClientSession, remote: RemoteMethod, now: number): void;
  /** When another attempt may be better than to wait for this one, on the clock's scale; Infinity for never. */
  protected abstract patienceEnd(now: number): number;
  /** That time has come. */
  protected abstract outOfPatience(now: number): void;
  /** The attempt is over; another may follow. May be told twice. */
  protected abstract closed(): void;
  /** It has failed for good. */
  protected abstract failed(error: RpcError): void;

  item(_payload: Uint8Array, _cost: number): void {
    throw new FrameError(ONE_ANSWER);
  }

  end(): void {
    throw new FrameError(ONE_ANSWER);
  }

  /** Of what sends no elements, none can be stopped. */
  cancel(_code: Code): void {}

  grant(_bytes: number): void {}

  get settled(): boolean {
    return this.#state === "done";
  }

  /** The connection that it has to keep to, while that lives. */
  protected get carrier(): ClientSession | undefined {
    return undefined;
  }

  /** The instance that alone may be asked, if it matters. */
  abstract readonly boundTo: string | undefined;

  protected begin(): void {
    this.host.calls.add(this, this.guarded);
    try {
      this.prepare();
      this.terms = this.#terms();
    } catch (error) {
      return this.fail(error instanceof RpcError ? error : this.invalid(error));
    }
    this.madeAt = this.host.timers.clock.now();
    this.#begin();
    if (!this.settled) this.connect(this.madeAt);
  }

  /** A connection is there. */
  connected(session: ClientSession, now = this.host.timers.clock.now()): void {
    if (this.#state !== "waiting") return;
    // A process that was stopped finds the connection before it finds that the time is over.
    if (this.deadlineAt <= now) return this.due();
    const remote = this.known.on(session);
    if (remote === undefined || remote.kind !== this.method.kind) {
      const why = remote === undefined ? "has no such method" : `has it as ${remote.kind ?? "a kind of its own"}`;
      return this.fail(this.local("UNIMPLEMENTED", `${this.method.path}: ${session.link.peer.address} ${why}`));
    }
    const breach = this.breach(session, remote);
    if (breach !== undefined) return this.fail(breach);
    this.#state = "open";
    this.session = session;
    this.stream = session.nextStream();
    this.attempts += 1;
    this.waitUntil(Math.min(this.deadlineAt, this.patienceEnd(now)));
    this.transmit(session, remote, now);
  }

  /** No connection can be had, and waiting longer will not help. */
  unreachable(cause: RpcError): void {
    if (this.#state !== "waiting") return;
    this.fail(new RpcError({ code: cause.code, executed: "no", message: cause.message, cause }));
  }

  override due(): void {
    const now = this.host.timers.clock.now();
    if (this.deadlineAt > now && this.#state === "backoff") return this.connect();
    if (this.deadlineAt > now && this.#state === "open") return this.outOfPatience(now);
    if (this.#state === "waiting") {
      const cause = this.host.connection.lastFailure;
      const why = cause === undefined ? "" : `: ${messageOf(cause)}`;
      return this.fail(
        new RpcError({ code: "UNAVAILABLE", executed: "no", message: `no connection in time${why}`, cause }),
      );
    }
    this.blame();
    this.abort(
      new RpcError({ code: "DEADLINE_EXCEEDED", message: `${this.method.path} did not answer in time` }),
      false,
    );
  }

  /** Ends the call from this side. What was sent may run all the same. */
  abort(error: RpcError, tell = true): void {
    if (this.settled) return;
    this.leave(tell);
    this.fail(new RpcError({ code: error.code, executed: "no", message: error.message, cause: error.cause }));
  }

  /** The attempt under way failed, or did not come to its end, and that may be the server's fault. */
  protected blame(): void {
    if (this.session !== undefined) this.host.connection.blamed(this.session);
  }

  /** @param at Infinity: for as long as it takes. */
  protected waitUntil(at: number): void {
    if (at === Infinity) this.host.timers.clear(this);
    else this.host.timers.set(this, at);
  }

  /** Gives up the attempt under way; nobody knows how far it came. */
  protected leave(tell: boolean): void {
    if (this.#state !== "open") return;
    this.executed = worstExecuted(this.executed, "unknown");
    this.session?.abandon(this.stream, tell);
    this.session = undefined;
  }

  /** Settles the call as failed. */
  protected fail(error: RpcError): void {
    if (this.settled) return;
    this.executed = worstExecuted(this.executed, error.executed);
    this.failed(error);
  }

  /** Asks for a connection, and goes on when there is one. */
  protected connect(now = this.host.timers.clock.now()): void {
    this.#state = "waiting";
    const { timers, connection } = this.host;
    const session = this.carrier ?? connection.session;
    if (session !== undefined) return this.connected(session, now);
    timers.set(this, this.deadlineAt === Infinity ? now + CONNECT_PATIENCE_MS : this.deadlineAt);
    connection.wait(this);
  }

  protected backOff(retryAt: number): void {
    this.#state = "backoff";
    this.host.timers.set(this, retryAt);
  }

  /** The attempt is over, by the server's word. */
  protected detach(): void {
    this.session?.detach(this.stream);
    this.session = undefined;
  }

  /** Nothing more is done for it. */
  protected finish(): void {
    const waited = this.#state === "waiting";
    this.#state = "done";
    this.session = undefined;
    this.closed();
    if (waited) this.host.connection.leave(this);
    this.host.calls.remove(this, this.guarded);
    this.host.timers.clear(this);
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  protected invalid(error: unknown): RpcError {
    return this.local("INVALID_ARGUMENT", `${this.method.path}: ${messageOf(error)}`, error);
  }

  protected local(code: Code, message: string, cause?: unknown): RpcError {
    return new RpcError({ code, message, executed: "no", cause });
  }

  #terms(): CallTerms {
    const { options, extraHeaders } = this;
    if (extraHeaders !== undefined) return termsOf(this.method, { ...options, headers: { ...options?.headers, ...extraHeaders } }, this.host);
    if (options !== undefined) return termsOf(this.method, options, this.host);
    this.known.plainTerms ??= termsOf(this.method, undefined, this.host);
    return this.known.plainTerms;
  }

  #begin(): void {
    const { timeoutMs } = this.terms;
    if (timeoutMs !== Infinity) this.deadlineAt = this.madeAt + timeoutMs;
    if (timeoutMs <= 0) {
      return this.fail(this.local("DEADLINE_EXCEEDED", "the deadline had passed before the call was made"));
    }
    if (!canAbort(this.options)) return;
    const aborted = abortedBefore(this.options);
    if (aborted !== undefined) return this.abort(aborted);
    this.#unlisten = onAbort(this.options, (reason) => this.abort(reason));
  }
}

const NO_TERMS: CallTerms = { timeoutMs: Infinity, headers: undefined, key: undefined, hop: 0, rank: NORMAL, ageMs: 0 };
