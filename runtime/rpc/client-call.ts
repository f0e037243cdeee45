/**
 * One call from its first attempt to its settlement: waiting for a connection, deadline, cancellation, and attempts by
 * its method's promise.
 */
import { abortedBefore, onAbort } from "./abortion.js";
import { formatCallId } from "./call-id.js";
import type { CallList, Listed } from "./call-list.js";
import type { CallOptions } from "./call-options.js";
import { termsOf, type CallTerms } from "./call-terms.js";
import { decodeChecked, encodeChecked } from "./checked-payload.js";
import type { ClientSession } from "./client-session.js";
import { worstExecuted, type Code, type Executed } from "./codes.js";
import type { Connection } from "./connection.js";
import { remainingOnWire } from "./deadline.js";
import type { AnyMethod } from "./descriptor.js";
import { RpcError, messageOf, withCallFacts } from "./errors.js";
import type { CallerExchange } from "./exchange.js";
import type { ErrorFrame } from "./frame.js";
import type { Limits } from "./limits.js";
import type { Random } from "./random.js";
import { attemptsOf, isRetryable, retryBackoff, retryDelayMs } from "./retry.js";
import type { RetryBudget } from "./retry-budget.js";
import { Timed, type Timers } from "./timers.js";

/** What a channel lends its calls. */
export interface CallHost {
  readonly clientId: Uint8Array;
  readonly limits: Limits;
  readonly timers: Timers;
  readonly random: Random;
  readonly budget: RetryBudget;
  readonly connection: Connection;
  readonly calls: CallList<ClientCall>;
  /** The channel's default deadline for unary calls. */
  readonly timeoutMs: number | undefined;
}

/** How long a call without a deadline waits for a connection. */
const CONNECT_PATIENCE_MS = 10_000;
/** Larger requests get one attempt: what is kept to be sent again is the caller's memory. */
const MAX_REPLAYED_BYTES = 256 << 10;

type State = "new" | "waiting" | "open" | "backoff" | "done";

export abstract class ClientCall extends Timed implements CallerExchange, Listed {
  sequence = 0;
  previous: Listed | undefined;
  next: Listed | undefined;
  protected readonly host: CallHost;
  protected readonly method: AnyMethod;
  protected session: ClientSession | undefined;
  protected stream = 0;
  readonly #options: CallOptions | undefined;
  #payload: Uint8Array = NO_BYTES;
  #terms: CallTerms = NO_TERMS;
  #state: State = "new";
  #deadlineAt = Infinity;
  #retryAt = 0;
  #attempts = 0;
  #retries = 0;
  #movedOn = false;
  #executed: Executed = "no";
  #unlisten: (() => void) | undefined;

  constructor(host: CallHost, method: AnyMethod, options: CallOptions | undefined) {
    super();
    this.host = host;
    this.method = method;
    this.#options = options;
  }

  /** The answer to a unary request. */
  abstract reply(payload: Uint8Array): void;
  abstract item(payload: Uint8Array, cost: number): void;
  abstract end(): void;
  abstract cancel(code: Code): void;
  abstract grant(bytes: number): void;
  /** The call is on its way on `session`, as `stream`. */
  protected abstract opened(): void;
  /** Whether nothing has been taken from the caller's iterable, nor given to the caller. */
  protected abstract readonly replayable: boolean;
  /** The attempt is over; another may follow. May be told twice. */
  protected abstract closed(): void;
  protected abstract failed(error: unknown): void;

  get settled(): boolean {
    return this.#state === "done";
  }

  get id(): string {
    const { key } = this.#terms;
    const { clientId } = this.host;
    return formatCallId(
      key === undefined ? { client: clientId, sequence: this.sequence } : { client: key, sequence: 0 },
    );
  }

  /** What travels with the call itself: nothing where the requests are a stream. */
  protected encodePayload(): Uint8Array {
    return NO_BYTES;
  }

  protected begin(): void {
    this.host.calls.add(this);
    try {
      this.#payload = this.encodePayload();
      this.#prepare();
    } catch (error) {
      return this.fail(error instanceof RpcError ? error : this.#refusal(error));
    }
    if (!this.settled) this.#connect();
  }

  /**
   * @throws RpcError INVALID_ARGUMENT if the value does not fit its type or breaks a constraint: the caller's mistake.
   */
  protected encodeRequest(value: unknown): Uint8Array {
    try {
      return encodeChecked(this.method.request, value);
    } catch (error) {
      throw this.#refusal(error);
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

  /** A connection is there. */
  connected(session: ClientSession): void {
    if (this.#state !== "waiting") return;
    const remote = session.method(this.method.path);
    if (remote === undefined || remote.kind !== this.method.kind) {
      const why = remote === undefined ? "has no such method" : `has it as ${remote.kind ?? "a kind of its own"}`;
      return this.fail(this.#local("UNIMPLEMENTED", `${this.method.path}: ${session.link.peer.address} ${why}`));
    }
    if (this.#payload.length > session.maxPeerMessageBytes) {
      const message = `a request of ${this.#payload.length} bytes exceeds the server's ${session.maxPeerMessageBytes}`;
      return this.fail(this.#local("RESOURCE_EXHAUSTED", message));
    }
    this.#open(session, remote.number);
  }

  error(frame: ErrorFrame): void {
    this.#detach();
    this.#attemptFailed(this.#errorOf(frame));
  }

  lost(error: RpcError): void {
    this.session = undefined;
    this.#attemptFailed(
      new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message: error.message, cause: error.cause }),
    );
  }

  notStarted(error: RpcError): void {
    this.session = undefined;
    if (!this.#movedOn && this.replayable) {
      this.#movedOn = true;
      this.#attempts -= 1;
      this.closed();
      return this.#connect();
    }
    this.#attemptFailed(new RpcError({ code: "UNAVAILABLE", executed: "no", message: error.message }));
  }

  /** No connection can be had, and waiting longer will not help. */
  unreachable(cause: RpcError): void {
    if (this.#state !== "waiting") return;
    this.fail(new RpcError({ code: cause.code, executed: "no", message: cause.message, cause }));
  }

  override due(): void {
    if (this.#state === "backoff" && this.#retryAt < this.#deadlineAt) return this.#connect();
    if (this.#state === "waiting") {
      const cause = this.host.connection.lastFailure;
      const why = cause === undefined ? "" : `: ${messageOf(cause)}`;
      return this.fail(
        new RpcError({ code: "UNAVAILABLE", executed: "no", message: `no connection in time${why}`, cause }),
      );
    }
    this.abort(
      new RpcError({ code: "DEADLINE_EXCEEDED", message: `${this.method.path} did not answer in time` }),
      false,
    );
  }

  /** Ends the call from this side. What was sent may run all the same. */
  abort(error: RpcError, tell = true): void {
    if (this.settled) return;
    if (this.#state === "open") {
      this.#executed = worstExecuted(this.#executed, "unknown");
      this.session?.abandon(this.stream, tell);
      this.session = undefined;
    }
    this.fail(new RpcError({ code: error.code, executed: "no", message: error.message, cause: error.cause }));
  }

  /** Settles the call as failed. */
  protected fail(error: RpcError): void {
    if (this.settled) return;
    this.#executed = worstExecuted(this.#executed, error.executed);
    const instance = this.#attempts === 0 ? undefined : this.host.connection.instance;
    const facts = { attempts: this.#attempts, callId: this.id, instance };
    this.#finish();
    this.failed(withCallFacts(error, this.#executed, facts));
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
    this.#finish();
    this.failed(error);
  }

  /** Settles the call as answered. */
  protected succeed(): void {
    this.host.budget.succeeded(this.#attempts);
    this.#detach();
    this.#finish();
  }

  #prepare(): void {
    const { host } = this;
    const terms = termsOf(this.method, this.#options, host.timeoutMs, host.limits);
    this.#terms = terms;
    if (terms.timeoutMs !== Infinity) this.#deadlineAt = host.timers.clock.now() + terms.timeoutMs;
    if (terms.timeoutMs <= 0) {
      return this.fail(this.#local("DEADLINE_EXCEEDED", "the deadline had passed before the call was made"));
    }
    const aborted = abortedBefore(this.#options);
    if (aborted !== undefined) return this.abort(aborted);
    this.#unlisten = onAbort(this.#options, (reason) => this.abort(reason));
  }

  #connect(): void {
    this.#state = "waiting";
    const session = this.host.connection.session;
    if (session !== undefined) return this.connected(session);
    const { timers } = this.host;
    timers.set(this, this.#deadlineAt === Infinity ? timers.clock.now() + CONNECT_PATIENCE_MS : this.#deadlineAt);
    this.host.connection.wait(this);
  }

  #open(session: ClientSession, method: number): void {
    const { timers, calls } = this.host;
    const { key, hop, headers } = this.#terms;
    this.#state = "open";
    this.session = session;
    this.stream = session.nextStream();
    this.#attempts += 1;
    if (this.#deadlineAt !== Infinity) timers.set(this, this.#deadlineAt);
    else timers.clear(this);
    const head = {
      stream: this.stream,
      method,
      sequence: key === undefined ? this.sequence : 0,
      ackBelow: key === undefined ? calls.ackBelow : 0,
      key,
      remainingMs: remainingOnWire(this.#deadlineAt, timers.clock.now()),
      attempt: this.#attempts,
      hop,
      headers,
    };
    session.call(head, this.#payload, this);
    this.opened();
  }

  #attemptFailed(error: RpcError): void {
    if (this.settled) return;
    this.closed();
    this.#executed = worstExecuted(this.#executed, error.executed);
    if (!this.#mayRetry(error)) return this.fail(error);
    const { timers, random, connection, budget } = this.host;
    const delay = retryDelayMs(this.#retries, error, retryBackoff(connection.intraHost), random);
    const retryAt = timers.clock.now() + delay;
    if (retryAt >= this.#deadlineAt || !budget.spend()) return this.fail(error);
    this.#retries += 1;
    this.#state = "backoff";
    this.#retryAt = retryAt;
    timers.set(this, retryAt);
  }

  #mayRetry(error: RpcError): boolean {
    if (!this.replayable || this.#terms.hop > 0 || this.#payload.length > MAX_REPLAYED_BYTES) return false;
    return this.#attempts < attemptsOf(this.method) && isRetryable(error);
  }

  #detach(): void {
    this.session?.detach(this.stream);
    this.session = undefined;
  }

  #finish(): void {
    const waited = this.#state === "waiting";
    this.#state = "done";
    this.session = undefined;
    this.#payload = NO_BYTES;
    this.closed();
    if (waited) this.host.connection.leave(this);
    this.host.calls.remove(this);
    this.host.timers.clear(this);
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  #errorOf(frame: ErrorFrame): RpcError {
    const { code, executed, reason, message, retryAfterMs, errorName } = frame;
    const declared = errorName === "" ? undefined : this.method.errors.find((error) => error.name === errorName);
    if (declared !== undefined) {
      try {
        return declared.decode(frame.details.slice(), { message, executed });
      } catch (error) {
        const text = `the error ${errorName} of ${this.method.path} cannot be read: ${messageOf(error)}`;
        return new RpcError({ code: "INTERNAL", message: text, executed, cause: error });
      }
    }
    return new RpcError({
      code,
      executed,
      reason,
      message,
      retryAfterMs,
      errorName: errorName === "" ? undefined : errorName,
    });
  }

  #refusal(error: unknown): RpcError {
    return this.#local("INVALID_ARGUMENT", `${this.method.path}: ${messageOf(error)}`, error);
  }

  #local(code: Code, message: string, cause?: unknown): RpcError {
    return new RpcError({ code, message, executed: "no", cause });
  }
}

const NO_BYTES = new Uint8Array();
const NO_TERMS: CallTerms = { timeoutMs: Infinity, headers: undefined, key: undefined, hop: 0 };
