/** One call on its server: read, authenticated, admitted, handled and answered, or left at any point between. */
import type { Candidate } from "./admission.js";
import { decodeChecked, encodeChecked } from "./checked-payload.js";
import { CODE_NUMBERS, type Code, type Executed } from "./codes.js";
import type { ServerContext } from "./context.js";
import type { AnyMethod } from "./descriptor.js";
import { RpcError, messageOf } from "./errors.js";
import type { Exchange } from "./exchange.js";
import { handlerFailure, ownFailure } from "./failure.js";
import type { ReceiveCredit, SendWindow } from "./flow-control.js";
import type { ErrorFrame } from "./frame.js";
import { FrameError } from "./frame-reader.js";
import { ItemPump } from "./item-pump.js";
import { ItemQueue } from "./item-queue.js";
import type { ServerHost } from "./server-host.js";
import type { ServerSession } from "./server-session.js";
import { streamsRequests, streamsResponses, type Handler } from "./service-table.js";
import { Timed } from "./timers.js";

export interface ServerCallInit {
  readonly host: ServerHost;
  readonly session: ServerSession;
  readonly stream: number;
  readonly method: AnyMethod;
  readonly handler: Handler;
  readonly context: ServerContext;
}

export class ServerCall extends Timed implements Exchange, Candidate {
  readonly context: ServerContext;
  readonly #host: ServerHost;
  readonly #session: ServerSession;
  readonly #stream: number;
  readonly #method: AnyMethod;
  readonly #handler: Handler;
  #request: unknown;
  #requests: ItemQueue<unknown> | undefined;
  #credit: ReceiveCredit | undefined;
  #window: SendWindow | undefined;
  #pump: ItemPump | undefined;
  #started = false;
  #over = false;

  constructor(init: ServerCallInit) {
    super();
    this.#host = init.host;
    this.#session = init.session;
    this.#stream = init.stream;
    this.#method = init.method;
    this.#handler = init.handler;
    this.context = init.context;
  }

  /** @param payload the request, as a view; nothing where the requests are a stream. */
  begin(payload: Uint8Array, deadlineAt: number): void {
    this.#session.attach(this.#stream, this);
    if (deadlineAt !== Infinity) this.#host.timers.set(this, deadlineAt);
    if (streamsRequests(this.#method.kind)) {
      if (payload.length > 0) throw new FrameError("a call whose requests are a stream carries one itself");
      this.#request = this.#openRequests();
    } else {
      try {
        this.#request = this.#decode(payload);
      } catch (error) {
        return this.#refuse(error as RpcError);
      }
    }
    if (this.#host.authenticate === undefined) this.#admit();
    else void this.#authenticate();
  }

  admitted(): void {
    if (this.#over) this.#host.admission.leave();
    else this.#run();
  }

  item(payload: Uint8Array, cost: number): void {
    if (this.#requests === undefined || this.#credit === undefined) throw new FrameError("the call takes no elements");
    this.#credit.received(cost);
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

  lost(error: RpcError): void {
    this.#leave(new RpcError({ code: "CANCELLED", message: error.message, cause: error.cause }));
  }

  /** The deadline. */
  override due(): void {
    const executed: Executed = this.#started ? "unknown" : "no";
    const message = `${this.#method.path} was not done in time`;
    this.terminate(new RpcError({ code: "DEADLINE_EXCEEDED", executed, message }));
  }

  /** Aborts the handler and answers for it. */
  terminate(error: RpcError): void {
    if (this.#over) return;
    this.#leave(error, ownFailure(error, error.executed));
  }

  #decode(payload: Uint8Array): unknown {
    const { request, path } = this.#method;
    try {
      return decodeChecked(request, payload);
    } catch (error) {
      throw new RpcError({ code: "INVALID_ARGUMENT", message: `${path}: ${messageOf(error)}`, cause: error });
    }
  }

  #openRequests(): ItemQueue<unknown> {
    this.#credit = this.#session.openCredit(this.#stream);
    this.#requests = new ItemQueue((bytes) => this.#decode(bytes), {
      started: () => {},
      read: (cost) => {
        this.#credit?.read(cost);
        this.#session.elementRead(cost);
      },
      left: () => {
        if (!this.#over) this.#session.sendCancel(this.#stream, CODE_NUMBERS.CANCELLED);
      },
    });
    return this.#requests;
  }

  async #authenticate(): Promise<void> {
    const { context } = this;
    try {
      context.principal = await this.#host.authenticate?.(context.headers, context.peer);
    } catch (error) {
      if (!(error instanceof RpcError)) this.#report(error);
      return this.#refuse(
        error instanceof RpcError
          ? error
          : new RpcError({ code: "UNAUTHENTICATED", message: "the caller was not recognised" }),
      );
    }
    if (!this.#over) this.#admit();
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
    this.#session.sendError(this.#stream, ownFailure(error, "no"));
    this.#settle();
  }

  #run(): void {
    this.#started = true;
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

  readonly #returned = (outcome: unknown): void => {
    if (streamsResponses(this.#method.kind)) return this.#answerWithStream(outcome as AsyncIterable<unknown>);
    this.#release();
    if (this.#over) return;
    let payload: Uint8Array;
    try {
      payload = this.#encode(outcome);
    } catch (error) {
      return this.#fail(error);
    }
    this.context.finish();
    this.#session.sendReply(this.#stream, payload);
    this.#settle();
  };

  readonly #threw = (error: unknown): void => {
    this.#release();
    this.#fail(error);
  };

  #answerWithStream(elements: AsyncIterable<unknown>): void {
    if (this.#over) return this.#release();
    const window = this.#session.openWindow();
    this.#window = window;
    this.#pump = new ItemPump(elements, {
      window,
      encode: (value) => this.#encode(value),
      send: (payload) => this.#session.sendItem(this.#stream, payload),
      finished: () => {
        this.#release();
        this.context.finish();
        this.#session.sendEnd(this.#stream);
        this.#settle();
      },
      failed: this.#threw,
      refused: (error) => this.#leave(error, ownFailure(error, "yes")),
    });
    void this.#pump.run();
  }

  /**
   * @throws RpcError of which only the code and a general message reach the caller: the handler broke its own contract.
   */
  #encode(value: unknown): Uint8Array {
    const { response, path } = this.#method;
    let payload: Uint8Array;
    try {
      payload = encodeChecked(response, value);
    } catch (error) {
      this.#report(error);
      throw new RpcError({ code: "INTERNAL", message: `the answer of ${path} does not fit its type`, cause: error });
    }
    const limit = Math.min(this.#session.maxPeerMessageBytes, this.#host.limits.maxMessageBytes);
    if (payload.length <= limit) return payload;
    throw new RpcError({
      code: "RESOURCE_EXHAUSTED",
      message: `an answer of ${payload.length} bytes exceeds the limit of ${limit}`,
      retryAfterMs: -1,
    });
  }

  /** The handler ran and did not succeed. */
  #fail(error: unknown): void {
    if (this.#over) return;
    if (!(error instanceof RpcError)) this.#report(error);
    this.context.finish();
    let frame: ErrorFrame;
    try {
      frame = handlerFailure(error, this.#method.errors);
    } catch (unfit) {
      this.#report(unfit);
      frame = handlerFailure(unfit, []);
    }
    this.#session.sendError(this.#stream, frame);
    this.#settle();
  }

  /** The call is over for its caller; the handler is told and may take its time. */
  #leave(reason: RpcError, answer?: ErrorFrame): void {
    if (this.#over) return;
    if (answer !== undefined) this.#session.sendError(this.#stream, answer);
    this.#requests?.abort(reason);
    this.#settle();
    this.context.abort(reason);
    if (this.#pump === undefined) this.#host.admission.withdraw(this);
    else void this.#pump.stop().then(() => this.#release());
  }

  #settle(): void {
    this.#over = true;
    this.#host.timers.clear(this);
    this.#session.detach(this.#stream);
    this.#requests?.close();
  }

  /** The handler came to its end, and with it the place that it took. */
  #release(): void {
    if (this.#method.kind === "unary") this.#host.admission.leave();
    else this.#host.openStreams -= 1;
  }

  #report(error: unknown): void {
    const { callId, peer } = this.context;
    this.#host.report({ error, method: this.#method.path, callId, peer });
  }
}

/** Query builders and promises of other realms: awaited like any other promise. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
