/** A call, with as many attempts as its method's promise allows. */
import { formatCallId } from "../call-id.js";
import { SESSION } from "../call-options.js";
import { decodeChecked, encodeChecked } from "../checked-payload.js";
import { worstExecuted, type Code, type Executed, type Reason } from "../codes.js";
import { remainingOnWire } from "../deadline.js";
import { RpcError, messageOf, withCallFacts, type Question } from "../errors.js";
import { observed, type CallObserver } from "../observer.js";
import type { CallerExchange } from "../protocol/exchange.js";
import { breachOf, fencedOff, isGuarded, orderBreach, type ServerIdentity } from "../protocol/fence.js";
import type { ErrorFrame, SessionPlace } from "../protocol/frame.js";
import type { RemoteMethod } from "../protocol/handshake.js";
import { receivedFailure } from "../protocol/received-failure.js";
import type { ClientSession } from "./client-session.js";
import type { FailStopSession } from "./fail-stop-session.js";
import { openQuestion } from "./open-question.js";
import { PendingCall } from "./pending-call.js";
import { attemptsOf, isRetryable, isThrottled, retryBackoff, retryDelayMs, RETRIED_BY_OTHERS } from "./retry.js";

export abstract class ClientCall extends PendingCall {
  #payload: Uint8Array = NO_BYTES;
  /** What the buffer keeps of it, so that it can be sent again; undefined: it cannot. */
  #held: number | undefined;
  /** Where an attempt of a guarded call went of which nobody knows whether it ran. */
  #server: ServerIdentity | undefined;
  /** How the last connection that it was sent over was lost. */
  #loss: RpcError | undefined;
  /** Whether that server answers the same id by what it knows. */
  #remembered = false;
  /** Of a `@failStop` call that has left. */
  #place: SessionPlace | undefined;
  #retries = 0;
  /** As `madeAt`, by the time of day; only of a guarded call. */
  #madeOn = 0;
  #observer: CallObserver | undefined;
  /** For the attempt under way. */
  #paid = 0;
  #movedOn = false;
  /** When the attempt under way left, on the clock's scale. */
  protected sentAt = 0;
  /** As they travel, for who observes the call. */
  protected sentBytes = 0;
  protected receivedBytes = 0;

  /** The call is on its way on `session`, as `stream`. */
  protected abstract opened(): void;
  /** Whether nothing has been taken from the caller's iterable, nor given to the caller. */
  protected abstract readonly replayable: boolean;
  /** The caller gets the error. */
  protected abstract rejected(error: unknown): void;

  get id(): string {
    const { key } = this.terms;
    const { clientId } = this.host;
    return formatCallId(
      key === undefined ? { client: clientId, sequence: this.sequence } : { client: key, sequence: 0 },
    );
  }

  /**
   * Since the oldest call on the way here was first made, this one included, in milliseconds. While a machine sleeps its clock may stand
   * still, and records go all the same: the time of day counts where it has come further.
   */
  #ageMs(now: number): number {
    const sinceMs = this.guarded ? Math.max(now - this.madeAt, this.host.timers.clock.wall() - this.#madeOn) : now - this.madeAt;
    return Math.floor(this.terms.ageMs + sinceMs);
  }

  override get boundTo(): string | undefined {
    return this.#server?.instance;
  }

  /** What travels with the call itself: nothing where the requests are a stream. */
  protected encodePayload(): Uint8Array {
    return NO_BYTES;
  }

  protected override prepare(): void {
    const { observe, timers } = this.host;
    if (this.guarded) this.#madeOn = timers.clock.wall();
    if (observe !== undefined) {
      this.#observer = observed(observe, { method: this.method, context: undefined });
      this.extraHeaders = this.#observer?.headers;
    }
    if (this.method.semantics === "failStop") this.#order().check();
    this.#payload = this.encodePayload();
    if (this.host.buffer.hold(this.#payload.length)) this.#held = this.#payload.length;
  }

  /**
   * @throws RpcError INVALID_ARGUMENT if the value does not fit its type or breaks a constraint: the caller's mistake.
   */
  protected encodeRequest(value: unknown): Uint8Array {
    try {
      return encodeChecked(this.method.request, value);
    } catch (error) {
      throw this.invalid(error);
    }
  }

  /** @throws RpcError INTERNAL if the server's answer is none of this method's: the call ran all the same. */
  protected decodeResponse(payload: Uint8Array): unknown {
    try {
      return decodeChecked(this.method.response, payload);
    } catch (error) {
      const message = `the answer of ${this.method.path} cannot be read: ${messageOf(error)}`;
      throw new RpcError({ code: "INTERNAL", message, executed: "yes", cause: error });
    }
  }

  get #session(): FailStopSession | undefined {
    return this.options?.[SESSION] as FailStopSession | undefined;
  }

  protected override get carrier(): ClientSession | undefined {
    return this.#session?.carrier;
  }

  protected override breach(session: ClientSession, remote: RemoteMethod): RpcError | undefined {
    if (this.guarded) {
      const fenced = this.#server === undefined ? undefined : fencedOff(this.method, this.#server, session.server, this.#loss);
      if (fenced !== undefined) return fenced;
      const breach = breachOf(this.method, remote, session.server, this.terms.timeoutMs);
      if (breach !== undefined) return breach;
    }
    if (this.method.semantics === "failStop") {
      const breach = orderBreach(this.method, remote, session.server) ?? this.#order().breach(session);
      if (breach !== undefined) return breach;
    }
    const limit = session.maxPeerMessageBytes;
    if (this.#payload.length > limit) {
      return this.local("RESOURCE_EXHAUSTED", `a request of ${this.#payload.length} bytes exceeds the server's ${limit}`);
    }
    if (this.attempts > 0 || this.host.throttle.admits(this.terms.rank)) return undefined;
    return this.local("RESOURCE_EXHAUSTED", "not sent, because the server turns most calls away");
  }

  protected override transmit(session: ClientSession, remote: RemoteMethod, now: number): void {
    if (this.guarded) {
      this.#server ??= session.server;
      this.#remembered = session.server.retentionMs !== undefined && isGuarded(remote.semantics);
    }
    if (this.method.semantics === "failStop") this.#place = this.#order().take(session, this.host.random);
    this.send(session, remote, this.stream, this, now);
    if (this.#held === undefined) this.#payload = NO_BYTES;
    if (!this.settled) this.opened();
  }

  protected send(session: ClientSession, remote: RemoteMethod, stream: number, exchange: CallerExchange, now: number): void {
    const { calls } = this.host;
    const { key, hop, rank, headers } = this.terms;
    const head = {
      stream,
      method: remote.number,
      sequence: key === undefined ? this.sequence : 0,
      ackBelow: key === undefined ? Math.min(calls.ackBelow, this.sequence) : 0,
      key,
      ageMs: this.#ageMs(now),
      remainingMs: remainingOnWire(this.deadlineAt, now),
      attempt: this.attempts,
      hop,
      rank,
      session: this.#place,
      headers,
    };
    this.sentBytes += this.#payload.length;
    this.#observer?.attempt?.({ callId: this.id, number: this.attempts, peer: session.link.peer, instance: session.server.instance, bytes: this.#payload.length });
    // Who watches may have ended the call just now: what it held of the request is gone, and an empty one would be another call.
    if (!this.settled) session.call(head, this.#payload, exchange);
  }

  protected override patienceEnd(now: number): number {
    this.sentAt = now;
    if (this.guarded || this.method.kind !== "unary" || !this.mayRepeat) return Infinity;
    return now + this.known.latencies.giveUpMs;
  }

  /** The attempt may be lost. It is waited for all the same, if there can be no other. */
  protected override outOfPatience(now: number): void {
    const { budget, connection, random } = this.host;
    const late = new RpcError({ code: "DEADLINE_EXCEEDED", message: "an attempt took longer than nearly all others" });
    const retryAt = now + retryDelayMs(this.#retries, late, retryBackoff(late, connection.intraHost), random);
    const paid = retryAt < this.deadlineAt ? budget.spend() : 0;
    if (paid === 0) return this.waitUntil(this.deadlineAt);
    this.known.latencies.gaveUp(now - this.sentAt);
    this.blame();
    this.leave(true);
    this.#paid = paid;
    this.#retries += 1;
    this.backOff(retryAt);
  }

  override error(frame: ErrorFrame): void {
    const error = receivedFailure(frame, this.method);
    if (isThrottled(error)) this.host.throttle.refused(this.terms.rank);
    else this.host.throttle.accepted(this.terms.rank);
    if (error.code === "UNAVAILABLE") this.blame();
    this.detach();
    this.#attemptFailed(error, false);
  }

  override lost(error: RpcError): void {
    this.session = undefined;
    this.#loss = error;
    const { message, cause } = error;
    this.#attemptFailed(new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message, cause }), true);
  }

  override notStarted(error: RpcError): void {
    this.session = undefined;
    if (!this.#movedOn && this.replayable && this.#held !== undefined) {
      this.#movedOn = true;
      this.attempts -= 1;
      this.#place = undefined;
      if (this.executed === "no") this.#server = undefined;
      this.closed();
      return this.connect();
    }
    this.#attemptFailed(new RpcError({ code: "UNAVAILABLE", executed: "no", message: error.message }), false);
  }

  /** The answer cannot be read: to go on makes no sense. */
  protected failUnreadable(error: unknown): void {
    this.session?.abandon(this.stream, true);
    this.fail(
      error instanceof RpcError
        ? error
        : new RpcError({ code: "INTERNAL", message: messageOf(error), executed: "yes" }),
    );
  }

  /** Settles the call with an error of the caller's own, which is passed on as it is. */
  protected failForeign(error: unknown): void {
    if (this.settled) return;
    this.session?.abandon(this.stream, true);
    this.finish();
    this.#ended("CANCELLED", undefined, worstExecuted(this.executed, this.attempts === 0 ? "no" : "unknown"));
    this.rejected(error);
  }

  /** Settles the call as answered. */
  protected succeed(): void {
    // What was asked again after a lost connection has paid nothing, and earns nothing; nor does what was hedged, else a slow server would be paid for being asked more.
    if (this.#paid > 0 || this.attempts === 1) this.host.budget.succeeded(this.#paid);
    this.host.throttle.accepted(this.terms.rank);
    this.host.connection.answered(this.session);
    this.detach();
    this.finish();
    this.#ended("OK", undefined, "yes");
  }

  protected override failed(error: RpcError): void {
    const { executed, attempts } = this;
    const instance = attempts === 0 ? undefined : (this.#server?.instance ?? this.host.connection.instance);
    const place = this.#place;
    const told = place === undefined ? this.#inTheOpen(error) : this.#order().after(error, executed, place);
    const question = this.guarded && executed === "unknown" ? this.#keepOpen() : undefined;
    this.finish();
    this.#ended(told.code, told.reason, executed);
    this.rejected(withCallFacts(told, { executed, attempts, callId: this.id, instance, question }));
  }

  protected override finish(): void {
    this.#payload = NO_BYTES;
    if (this.#held !== undefined) this.host.buffer.release(this.#held);
    this.#held = undefined;
    super.finish();
  }

  /** Who does not know whether a call ran must not be told so in a code that others take for leave to try again. */
  #inTheOpen(error: RpcError): RpcError {
    if (!isGuarded(this.method.semantics) || this.executed !== "unknown" || !RETRIED_BY_OTHERS.has(error.code)) return error;
    return new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message: error.message, cause: error });
  }

  /** @throws RpcError FAILED_PRECONDITION if the call stands alone. */
  #order(): FailStopSession {
    if (this.#session !== undefined) return this.#session;
    throw this.local("FAILED_PRECONDITION", `${this.method.path} is @failStop: call it by a client, or by failStopSession(channel)`);
  }

  /** Told when the call is settled: who is told may close the channel, which ends what is not. */
  #ended(code: Code | "OK", reason: Reason | undefined, executed: Executed): void {
    if (this.#observer === undefined) return;
    const { attempts, sentBytes, receivedBytes } = this;
    // A call that was never made, for its deadline had passed, took no time.
    const durationMs = this.madeAt === 0 ? 0 : this.host.timers.clock.now() - this.madeAt;
    this.#observer.end?.({ callId: this.id, code, reason, executed, attempts, sentBytes, receivedBytes, durationMs });
  }

  #keepOpen(): Question | undefined {
    if (this.#server === undefined) return undefined;
    const { headers, key } = this.terms;
    const sequence = key === undefined ? this.sequence : 0;
    const asked = { method: this.method, id: this.id, sequence, key, headers, ageMs: () => this.#ageMs(this.host.timers.clock.now()), server: this.#server };
    return openQuestion(this.host, this, asked);
  }

  #attemptFailed(error: RpcError, lost: boolean): void {
    if (this.settled) return;
    this.closed();
    this.executed = worstExecuted(this.executed, error.executed);
    if (this.executed === "no") this.#server = undefined;
    const asked = lost && this.#remembered;
    if (!this.#mayGoOn(error, asked)) return this.fail(error);
    // The pace is that of reconnecting, and what is asked again costs the server no second run.
    this.#paid = 0;
    if (asked) return this.connect();
    const { timers, random, connection, budget } = this.host;
    const delay = retryDelayMs(this.#retries, error, retryBackoff(error, connection.intraHost), random);
    const retryAt = timers.clock.now() + delay;
    if (retryAt >= this.deadlineAt) return this.fail(error);
    this.#paid = budget.spend(isThrottled(error));
    if (this.#paid === 0) return this.fail(error);
    this.#retries += 1;
    this.backOff(retryAt);
  }

  #mayGoOn(error: RpcError, asked: boolean): boolean {
    return this.replayable && this.mayRepeat && isRetryable(error, this.method, asked);
  }

  /** Whether there are attempts left, and something to send. */
  protected get mayRepeat(): boolean {
    return this.#held !== undefined && this.terms.hop === 0 && this.attempts < attemptsOf(this.method);
  }
}

const NO_BYTES = new Uint8Array();
