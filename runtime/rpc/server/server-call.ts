/** One call on its server: read, recognised, let in, handled and answered, or left at any point between. */
import type { ByteBudget } from "../byte-budget.js";
import { decodeChecked } from "../checked-payload.js";
import type { Code, Executed, Reason } from "../codes.js";
import type { AnyMethod } from "../descriptor.js";
import { RpcError, messageOf } from "../errors.js";
import { FrameReader } from "../frame-reader.js";
import { observed, type CallObserver, type Observe } from "../observer.js";
import type { ServedExchange } from "../protocol/exchange.js";
import { Kind, readError, type CallHead } from "../protocol/frame.js";
import { Timed } from "../timers.js";
import { principalOf } from "./authentication.js";
import type { Answer } from "./guard.js";
import { encodeResponse, fitting, ownAnswer } from "./handler-answer.js";
import type { ServerContext } from "./server-context.js";
import type { ServerHost } from "./server-host.js";
import type { Handler } from "./service-table.js";
import type { ServingSession } from "./serving-session.js";

export interface ServerCallInit {
  readonly host: ServerHost;
  readonly session: ServingSession;
  readonly head: CallHead;
  readonly method: AnyMethod;
  readonly handler: Handler;
  readonly context: ServerContext;
  /** That the request was taken of; it is given back when nothing here holds that any more. */
  readonly budget: ByteBudget;
}

export abstract class ServerCall extends Timed implements ServedExchange {
  readonly context: ServerContext;
  protected readonly host: ServerHost;
  protected readonly session: ServingSession;
  protected readonly head: CallHead;
  protected readonly method: AnyMethod;
  protected readonly handler: Handler;
  /** The handler has begun. */
  protected started = false;
  /** The caller was answered, or left. */
  protected over = false;
  /** No time has passed since the deadline was last looked at: the clock need not be asked, which would cost a call something. */
  protected timely = true;
  /** As they travel, for who observes the call. */
  protected sentBytes = 0;
  protected receivedBytes = 0;
  readonly #budget: ByteBudget;
  /** Bytes taken of the budget. */
  #held = 0;
  #tellLeft: (() => void) | undefined;
  #observer: CallObserver | undefined;
  #began = 0;

  constructor(init: ServerCallInit) {
    super();
    this.host = init.host;
    this.session = init.session;
    this.head = init.head;
    this.method = init.method;
    this.handler = init.handler;
    this.context = init.context;
    this.#budget = init.budget;
  }

  abstract item(payload: Uint8Array, cost: number): void;
  abstract end(): void;
  abstract grant(bytes: number): void;
  abstract lost(error: RpcError): void;
  /** The deadline. */
  abstract override due(): void;
  abstract terminate(error: RpcError): void;
  /**
   * Takes the request, or what of it comes with the call.
   * @throws RpcError if it cannot be read.
   */
  protected abstract receive(payload: Uint8Array): void;
  /** Whether the request is needed as bytes once it is known who calls. */
  protected abstract readonly keepsPayload: boolean;
  /**
   * It is known who calls.
   * @throws RpcError if nothing can be kept of the call under that name.
   */
  protected abstract recognised(payload: Uint8Array): void;
  /** Nothing of it will begin. */
  protected abstract refused(): void;
  /** The caller has left; what runs is told. */
  protected abstract left(reason: RpcError): void;

  /** @param payload the request, as a view; nothing where the requests are a stream. */
  begin(payload: Uint8Array, deadlineAt: number): void {
    this.session.attach(this.head.stream, this);
    this.#held = payload.length;
    const { observe } = this.host;
    if (observe !== undefined) this.#observe(observe, payload);
    if (deadlineAt !== Infinity) this.host.timers.set(this, deadlineAt);
    try {
      this.receive(payload);
    } catch (error) {
      if (error instanceof RpcError) return this.refuse(error);
      throw error;
    }
    if (this.host.authenticate === undefined) this.recognised(payload);
    else void this.#authenticate(this.keepsPayload ? payload.slice() : payload);
    this.timely = false;
  }

  cancel(code: Code): void {
    this.session.countCancel();
    const timedOut = code === "DEADLINE_EXCEEDED";
    this.leave(new RpcError({ code: timedOut ? code : "CANCELLED", message: "the caller left the call" }));
  }

  /** Runs the handler; one of the next two is told. */
  protected handle(request: unknown): void {
    let outcome: unknown;
    try {
      outcome = this.handler(request, this.context);
      if (!(outcome instanceof Promise) && isThenable(outcome)) outcome = Promise.resolve(outcome);
    } catch (error) {
      return this.threw(error);
    }
    if (!(outcome instanceof Promise)) return this.returned(outcome);
    outcome.then((value) => this.returned(value), (error: unknown) => this.threw(error));
  }

  protected abstract returned(outcome: unknown): void;
  protected abstract threw(error: unknown): void;

  protected decode(payload: Uint8Array): unknown {
    const { request, path } = this.method;
    try {
      return decodeChecked(request, payload);
    } catch (error) {
      throw new RpcError({ code: "INVALID_ARGUMENT", message: `${path}: ${messageOf(error)}`, cause: error });
    }
  }

  protected encode(value: unknown): Uint8Array {
    return encodeResponse(this.method, value, this.#largest, this);
  }

  protected shed(message: string): void {
    this.refuse(new RpcError({ code: "RESOURCE_EXHAUSTED", message, retryAfterMs: this.host.limits.retryAfterMs }));
  }

  /** The handler has not begun and will not. */
  protected refuse(error: RpcError): void {
    if (this.over) return;
    this.answer(ownAnswer(error, "no"));
    this.refused();
  }

  /** What the caller may be sent at once, in bytes. */
  get #largest(): number {
    return Math.min(this.session.maxPeerMessageBytes, this.host.limits.maxMessageBytes);
  }

  protected answer(answer: Answer): void {
    const { kind, payload } = fitting(answer, this.#largest);
    this.session.sendPayload(kind, this.head.stream, payload);
    this.sentBytes += payload.length;
    this.settle();
    if (this.#observer !== undefined) this.#answered(kind, payload);
  }

  /** For its caller. Told when the call is over: who is told may close the server, which ends what is not. */
  protected ended(code: Code | "OK", reason?: Reason, executed: Executed = "yes"): void {
    const observer = this.#observer;
    if (observer === undefined) return;
    this.#observer = undefined;
    const { sentBytes, receivedBytes, context: { callId, attempt } } = this;
    const durationMs = this.host.timers.clock.now() - this.#began;
    observer.end?.({ callId, code, reason, executed, attempts: attempt, sentBytes, receivedBytes, durationMs });
  }

  #answered(kind: number, payload: Uint8Array): void {
    if (kind === Kind.REPLY) return this.ended("OK");
    const { code, reason, executed } = readError(new FrameReader(payload));
    this.ended(code, reason, executed);
  }

  #observe(observe: Observe, payload: Uint8Array): void {
    const { method, context } = this;
    this.#began = this.host.timers.clock.now();
    this.receivedBytes = payload.length;
    this.#observer = observed(observe, { method, context });
  }

  /** The call is over for its caller; the handler is told and may take its time. */
  protected leave(reason: RpcError, answer?: Answer): void {
    if (this.over) return;
    if (answer === undefined) {
      this.settle();
      this.ended(reason.code, reason.reason, this.started ? "unknown" : "no");
    } else this.answer(answer);
    this.left(reason);
  }

  protected settle(): void {
    this.over = true;
    this.host.timers.clear(this);
    this.session.detach(this.head.stream);
    this.#tellLeft?.();
    if (!this.started) this.letGo();
  }

  /** Nothing here holds the request any more: the handler came to its end, or will not begin. */
  protected letGo(): void {
    this.#budget.give(this.#held);
    this.#held = 0;
  }

  /** For what the server's operator is told of the call. */
  get report(): (error: unknown) => void {
    const { host, method, context } = this;
    return (error) => host.report({ error, method: method.path, callId: context.callId, peer: context.peer });
  }

  #left(): Promise<void> {
    return new Promise((resolve) => (this.#tellLeft = resolve));
  }

  async #authenticate(payload: Uint8Array): Promise<void> {
    const { context } = this;
    try {
      const principal = principalOf(this.host, context.headers, context.peer, this.report);
      context.principal = await (this.head.session === undefined ? principal : this.session.inTurn(principal, this.#left()));
      if (this.over) return;
      // A process that was stopped goes on here before its timers do.
      if (context.remainingMs() <= 0) return this.due();
      this.timely = true;
      this.recognised(payload);
      this.timely = false;
    } catch (error) {
      if (error instanceof RpcError) this.refuse(error);
      else this.session.breach(error);
    }
  }
}

/** Query builders and promises of other realms: awaited like any other promise. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

