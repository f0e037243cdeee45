/**
 * One call on its server: read, authenticated, looked up, admitted, handled and answered, or left at any point between.
 */
import type { Candidate } from "./admission.js";
import { principalOf } from "./authentication.js";
import { decodeChecked } from "./checked-payload.js";
import type { Code, Executed } from "./codes.js";
import type { ServerContext } from "./context.js";
import type { AnyMethod } from "./descriptor.js";
import { RpcError, messageOf } from "./errors.js";
import type { ServedExchange } from "./exchange.js";
import type { SendWindow } from "./flow-control.js";
import { Kind, type CallHead } from "./frame.js";
import { FrameError } from "./frame-reader.js";
import type { Answer, Asker, CallGuard, Place, Ticket } from "./guard.js";
import { encodeResponse, ownAnswer, rolledBack, thrownAnswer, tooLarge } from "./handler-answer.js";
import { ItemPump } from "./item-pump.js";
import { principalText } from "./principal.js";
import { RequestStream } from "./request-stream.js";
import type { ServerHost } from "./server-host.js";
import type { ServerSession } from "./server-session.js";
import { streamsRequests, streamsResponses, type Handler } from "./service-table.js";
import { Timed } from "./timers.js";

export interface ServerCallInit {
  readonly host: ServerHost;
  readonly session: ServerSession;
  readonly head: CallHead;
  readonly method: AnyMethod;
  readonly handler: Handler;
  readonly context: ServerContext;
}

export class ServerCall extends Timed implements ServedExchange, Candidate, Asker {
  readonly context: ServerContext;
  readonly #host: ServerHost;
  readonly #session: ServerSession;
  readonly #head: CallHead;
  readonly #method: AnyMethod;
  readonly #handler: Handler;
  readonly #guard: CallGuard | undefined;
  #request: unknown;
  #requests: RequestStream | undefined;
  #window: SendWindow | undefined;
  #pump: ItemPump | undefined;
  /** The right to run a guarded call. */
  #ticket: Ticket | undefined;
  /** The place of one who waits for an earlier attempt of a guarded call. */
  #place: Place | undefined;
  #started = false;
  /** The caller was answered, or left. */
  #over = false;

  constructor(init: ServerCallInit) {
    super();
    this.#host = init.host;
    this.#session = init.session;
    this.#head = init.head;
    this.#method = init.method;
    this.#handler = init.handler;
    this.context = init.context;
    this.#guard = init.method.kind === "unary" ? init.host.guards.of[init.method.semantics] : undefined;
  }

  /** @param payload the request, as a view; nothing where the requests are a stream. */
  begin(payload: Uint8Array, deadlineAt: number): void {
    this.#session.attach(this.#head.stream, this);
    if (deadlineAt !== Infinity) this.#host.timers.set(this, deadlineAt);
    if (streamsRequests(this.#method.kind)) {
      if (payload.length > 0) throw new FrameError("a call whose requests are a stream carries one itself");
      this.#requests = new RequestStream(this.#session, this.#head.stream, (bytes) => this.#decode(bytes));
      this.#request = this.#requests.items;
    } else {
      try {
        this.#request = this.#decode(payload);
      } catch (error) {
        return this.#refuse(error as RpcError);
      }
    }
    if (this.#host.authenticate !== undefined) void this.#authenticate(payload);
    else if (this.#guard === undefined) this.#admit();
    else this.#claim(this.#guard, payload);
  }

  granted(ticket: Ticket): void {
    this.#ticket = ticket;
    this.#place = undefined;
    if (this.#over) this.#release();
    else this.#admit();
  }

  attached(place: Place): void {
    this.#place = place;
  }

  answered(answer: Answer): void {
    if (this.#over) return;
    const limit = this.#session.maxPeerMessageBytes;
    const fits = answer.payload.length <= limit || answer.kind === Kind.ERROR;
    this.#answer(fits ? answer : ownAnswer(tooLarge(answer.payload.length, limit), "yes"));
  }

  deserted(reason: RpcError | undefined): void {
    if (reason?.reason === "SESSION_REVOKED") return this.terminate(reason);
    if (!this.#over || (reason === undefined && this.heapIndex >= 0)) return;
    this.#abandon(reason ?? new RpcError({ code: "CANCELLED", message: "nobody waits for the call" }));
  }

  admitted(waited: boolean): void {
    if (this.#over && this.#ticket?.awaited !== true) {
      this.#host.admission.leave();
      this.#release();
    } else if (waited && this.context.remainingMs() <= 0) {
      this.#host.admission.leave();
      this.due();
    } else this.#run();
  }

  item(payload: Uint8Array, cost: number): void {
    if (this.#requests === undefined) throw new FrameError("the call takes no elements");
    this.#requests.push(payload, cost);
  }

  end(): void {
    if (this.#requests === undefined) throw new FrameError("the call takes no elements");
    this.#requests.end();
  }

  cancel(code: Code): void {
    this.#session.countCancel();
    const timedOut = code === "DEADLINE_EXCEEDED";
    this.#leave(new RpcError({ code: timedOut ? code : "CANCELLED", message: "the caller left the call" }));
  }

  grant(bytes: number): void {
    this.#window?.grant(bytes);
  }

  /** Who holds a ticket runs on until its deadline: the caller comes back for the outcome. */
  lost(error: RpcError): void {
    if (this.#ticket?.outlivesConnection === true) {
      this.#over = true;
      this.#host.orphans.add(this);
      return;
    }
    this.#place?.leave(undefined);
    this.#place = undefined;
    this.#leave(new RpcError({ code: "CANCELLED", message: error.message, cause: error.cause }));
  }

  /** The deadline. */
  override due(): void {
    const executed: Executed = this.#started || this.#place !== undefined ? "unknown" : "no";
    this.terminate(lateError(this.#method, executed));
  }

  /** Aborts the handler and answers for it. */
  terminate(error: RpcError): void {
    if (!this.#over) this.#leave(error, ownAnswer(error, error.executed));
    else if (this.#ticket !== undefined) this.#abandon(error);
  }

  #decode(payload: Uint8Array): unknown {
    const { request, path } = this.#method;
    try {
      return decodeChecked(request, payload);
    } catch (error) {
      throw new RpcError({ code: "INVALID_ARGUMENT", message: `${path}: ${messageOf(error)}`, cause: error });
    }
  }

  async #authenticate(payload: Uint8Array): Promise<void> {
    const { context } = this;
    const kept = this.#guard === undefined ? payload : payload.slice();
    try {
      const principal = principalOf(this.#host, context.headers, context.peer, this.#report);
      context.principal = await (this.#head.session === undefined ? principal : this.#session.inTurn(principal));
    } catch (error) {
      return this.#refuse(error as RpcError);
    }
    if (this.#over) return;
    if (this.#guard === undefined) this.#admit();
    else this.#claim(this.#guard, kept);
  }

  #claim(guard: CallGuard, payload: Uint8Array): void {
    const { sequence, key, ackBelow, ageMs, attempt, hop, session } = this.#head;
    const records = this.#session.records.of(guard, principalText(this.context.principal));
    records.claim({ method: this.#method, sequence, key, ackBelow, ageMs, attempt, hop, session, payload }, this);
  }

  #admit(): void {
    const { admission, limits } = this.#host;
    if (this.#method.kind === "unary") {
      if (!admission.enter(this)) this.#shed("the server's queue is full");
    } else if (this.#host.openStreams < limits.maxStreams) {
      this.#host.openStreams += 1;
      this.#run();
    } else this.#shed("the server has as many streams as it takes");
  }

  #shed(message: string): void {
    this.#refuse(new RpcError({ code: "RESOURCE_EXHAUSTED", message, retryAfterMs: this.#host.limits.retryAfterMs }));
  }

  /** The handler has not begun and will not. */
  #refuse(error: RpcError): void {
    if (this.#over) return;
    this.#answer(ownAnswer(error, "no"));
    this.#release();
  }

  #run(): void {
    this.#started = true;
    if (this.#ticket?.commit !== undefined) return void this.#commit(this.#ticket.commit.bind(this.#ticket));
    let outcome: unknown;
    try {
      outcome = this.#handler(this.#request, this.context);
    } catch (error) {
      return this.#threw(error);
    }
    this.#request = undefined;
    if (outcome instanceof Promise) outcome.then(this.#returned, this.#threw);
    else if (isThenable(outcome)) Promise.resolve(outcome).then(this.#returned, this.#threw);
    else this.#returned(outcome);
  }

  async #commit(commit: NonNullable<Ticket["commit"]>): Promise<void> {
    const answer = await commit(async (tx) => {
      try {
        if (this.context.remainingMs() <= 0) throw lateError(this.#method);
        this.context.within(tx);
        return { kind: Kind.REPLY, payload: this.#encode(await this.#handler(this.#request, this.context)) };
      } catch (error) {
        throw rolledBack(this.#method, error, this.#report);
      }
    });
    this.#vacate();
    this.#complete(answer);
  }

  readonly #returned = (outcome: unknown): void => {
    if (streamsResponses(this.#method.kind)) return this.#answerWithStream(outcome as AsyncIterable<unknown>);
    this.#vacate();
    if (this.#over && this.#ticket === undefined) return;
    let payload: Uint8Array;
    try {
      payload = this.#encode(outcome);
    } catch (error) {
      return this.#complete(thrownAnswer(this.#method, error, this.#report));
    }
    this.#complete({ kind: Kind.REPLY, payload });
  };

  readonly #threw = (error: unknown): void => {
    this.#vacate();
    if (!this.#over || this.#ticket !== undefined) this.#complete(thrownAnswer(this.#method, error, this.#report));
  };

  #answerWithStream(elements: AsyncIterable<unknown>): void {
    if (this.#over) return this.#vacate();
    const { stream } = this.#head;
    const window = this.#session.openWindow();
    this.#window = window;
    this.#pump = new ItemPump(elements, {
      window,
      encode: (value) => this.#encode(value),
      send: (payload) => this.#session.sendItem(stream, payload),
      finished: () => {
        this.#vacate();
        this.context.finish();
        this.#session.sendEnd(stream);
        this.#settle();
      },
      failed: this.#threw,
      refused: (error) => this.#leave(error, ownAnswer(error, "yes")),
    });
    void this.#pump.run();
  }

  #encode(value: unknown): Uint8Array {
    const limit = Math.min(this.#session.maxPeerMessageBytes, this.#host.limits.maxMessageBytes);
    return encodeResponse(this.#method, value, limit, this.#report);
  }

  /** The handler came to its end: what it gave is recorded first, for whoever asks again, and then sent. */
  #complete(answer: Answer): void {
    this.context.finish();
    const ticket = this.#ticket;
    if (ticket !== undefined) {
      this.#ticket = undefined;
      ticket.complete(answer);
    }
    if (!this.#over) return this.#answer(answer);
    this.#host.timers.clear(this);
    this.#host.orphans.delete(this);
  }

  #answer({ kind, payload }: Answer): void {
    this.#session.sendAnswer(kind, this.#head.stream, payload);
    this.#settle();
  }

  /** The call is over for its caller; the handler is told and may take its time. */
  #leave(reason: RpcError, answer?: Answer): void {
    if (this.#over) return;
    if (answer !== undefined) this.#session.sendAnswer(answer.kind, this.#head.stream, answer.payload);
    this.#requests?.abort(reason);
    this.#settle();
    this.#place?.leave(reason);
    this.#ticket?.left?.();
    this.#abandon(reason);
  }

  /** Nobody waits on this side. Those who wait beside it for a guarded call keep it running. */
  #abandon(reason: RpcError): void {
    if (this.#ticket !== undefined && this.#started && this.#ticket.awaited) return;
    this.context.abort(reason);
    if (this.#pump !== undefined) void this.#pump.stop().then(() => this.#vacate());
    else if (!this.#started) {
      this.#host.admission.withdraw(this);
      this.#release();
    }
  }

  #settle(): void {
    this.#over = true;
    this.#host.timers.clear(this);
    this.#session.detach(this.#head.stream);
    this.#requests?.close();
  }

  /** The handler came to its end, and with it the place that it took. */
  #vacate(): void {
    if (this.#method.kind === "unary") this.#host.admission.leave();
    else this.#host.openStreams -= 1;
  }

  /** A guarded call that does not begin leaves no record, and may be asked for again. */
  #release(): void {
    if (this.#ticket === undefined) return;
    this.#ticket.release(ownAnswer(new RpcError({ code: "UNAVAILABLE", message: "an earlier attempt did not begin" }), "no"));
    this.#ticket = undefined;
    this.#host.orphans.delete(this);
  }

  readonly #report = (error: unknown): void => {
    const { callId, peer } = this.context;
    this.#host.report({ error, method: this.#method.path, callId, peer });
  };
}

function lateError({ path }: AnyMethod, executed?: Executed): RpcError {
  return new RpcError({ code: "DEADLINE_EXCEEDED", executed, message: `${path} was not done in time` });
}

/** Query builders and promises of other realms: awaited like any other promise. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
