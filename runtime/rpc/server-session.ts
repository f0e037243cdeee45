/** The server's end of a connection: turns CALL frames into calls, or into refusals. */
import type { Link } from "../transport/transport.js";
import { CancelRate } from "./cancel-rate.js";
import type { Code } from "./codes.js";
import { ServerContext } from "./context.js";
import type { AnyMethod } from "./descriptor.js";
import { RpcError } from "./errors.js";
import { ownFailure } from "./failure.js";
import { Kind, readCall, writeError, writePayload, type CallHead, type ErrorFrame } from "./frame.js";
import { FrameError, type FrameReader } from "./frame-reader.js";
import { readHello, writeRefusal, writeWelcome, type Hello } from "./handshake.js";
import { decodeHeaders, NO_HEADERS, type Headers } from "./headers.js";
import { ServerCall } from "./server-call.js";
import type { ServerHost } from "./server-host.js";
import { Session } from "./session.js";
import { Timeout } from "./timers.js";

export class ServerSession extends Session<ServerCall> {
  protected override readonly pausesForPeer = true;
  readonly #host: ServerHost;
  readonly #onEnded: () => void;
  readonly #handshake: Timeout;
  readonly #cancels: CancelRate;
  #hello: Hello | undefined;
  #lastStream = 0;

  constructor(link: Link, host: ServerHost, ended: () => void) {
    super(link, host.limits, host.timers);
    this.#host = host;
    this.#onEnded = ended;
    this.#cancels = new CancelRate(host.limits.maxCancelsPerSecond, host.timers);
    const { handshakeMs } = host.limits;
    this.#handshake = new Timeout(() => this.abort(new Error(`no greeting came within ${handshakeMs} ms`)), false);
  }

  start(): void {
    this.timers.set(this.#handshake, this.timers.clock.now() + this.limits.handshakeMs);
    this.link.open(this);
  }

  protected override get lastStream(): number {
    return this.#lastStream;
  }

  sendReply(stream: number, payload: Uint8Array): void {
    this.send(writePayload(this.writer, Kind.REPLY, stream, payload));
  }

  sendError(stream: number, error: ErrorFrame): void {
    this.send(writeError(this.writer, stream, error));
  }

  /** @throws FrameError if the client cancels more than it may. */
  countCancel(): void {
    this.#cancels.count();
  }

  /** Turns the client away before it could call. */
  refuse(code: Code, message: string): void {
    this.send(writeRefusal(code, message));
    this.close();
  }

  /** Announces the end, to a client that has not greeted yet by a refusal. */
  dismiss(message: string): void {
    if (this.#hello === undefined) this.refuse("UNAVAILABLE", message);
    else this.goaway("UNAVAILABLE", message);
  }

  /** Ends what is still in flight: nobody knows how far it came. */
  terminate(message: string): void {
    for (const [, call] of this.entries()) {
      call.terminate(new RpcError({ reason: "OUTCOME_UNKNOWN", executed: "unknown", message }));
    }
    this.close();
  }

  protected override greeting(frame: Uint8Array): void {
    try {
      this.#hello = readHello(frame);
    } catch (error) {
      if (error instanceof RpcError) return this.refuse(error.code, error.message);
      if (error instanceof FrameError) return this.refuse("INVALID_ARGUMENT", error.message);
      throw error;
    }
    this.timers.clear(this.#handshake);
    this.greet(this.#hello);
    this.send(writeWelcome(this.#host.instanceId, this.#host.table.services, this.limits));
  }

  protected override onCall(reader: FrameReader, flags: number): void {
    const head = readCall(reader, flags);
    if (head.stream <= this.#lastStream)
      throw new FrameError(`call ${head.stream} comes after call ${this.#lastStream}`);
    this.#lastStream = head.stream;
    // The client learns from the GOAWAY, which names the last call taken, that this one was not begun.
    if (this.closing) return;
    if (reader.remaining > this.limits.maxMessageBytes) throw new FrameError("a request exceeds the message limit");
    const served = this.#host.table.method(head.method);
    if (served === undefined) return this.#refuseCall(head, "UNIMPLEMENTED", `the server has no method ${head.method}`);
    const { descriptor, handler } = served;
    if (handler === undefined) return this.#refuseCall(head, "UNIMPLEMENTED", `${descriptor.path} has no handler`);
    if (this.inFlight >= this.#host.limits.maxCallsPerConnection) {
      return this.#refuseCall(
        head,
        "RESOURCE_EXHAUSTED",
        "the connection has as many calls in flight as it may",
        this.#host.limits.retryAfterMs,
      );
    }
    let headers = NO_HEADERS;
    try {
      if (head.headers !== undefined) headers = decodeHeaders(head.headers, this.limits);
    } catch (error) {
      if (error instanceof FrameError) return this.#refuseCall(head, "INVALID_ARGUMENT", error.message);
      throw error;
    }
    const deadlineAt = this.#deadlineOf(head, descriptor);
    const context = this.#contextOf(head, headers, deadlineAt);
    const init = { host: this.#host, session: this, stream: head.stream, method: descriptor, handler, context };
    new ServerCall(init).begin(reader.rest(), deadlineAt);
  }

  protected override onReply(): void {
    throw new FrameError("a client does not reply");
  }

  protected override onError(): void {
    throw new FrameError("a client does not answer with errors");
  }

  /** The client opens nothing more; what is in flight is answered. */
  protected override onGoaway(): void {
    this.drain();
  }

  protected override ended(): void {
    this.timers.clear(this.#handshake);
    this.#onEnded();
  }

  #refuseCall(head: CallHead, code: Code, message: string, retryAfterMs?: number): void {
    this.sendError(head.stream, ownFailure(new RpcError({ code, message, retryAfterMs }), "no"));
  }

  /** A unary call never gets more than the server's limit, and streams what they ask for. */
  #deadlineOf(head: CallHead, method: AnyMethod): number {
    const asked = head.remainingMs === 0 ? Infinity : head.remainingMs;
    const granted = method.kind === "unary" ? Math.min(asked, this.#host.limits.clampMs) : asked;
    return granted === Infinity ? Infinity : this.timers.clock.now() + granted;
  }

  #contextOf(head: CallHead, headers: Headers, deadlineAt: number): ServerContext {
    return new ServerContext({
      id: { client: head.key ?? this.#hello?.clientId ?? new Uint8Array(), sequence: head.sequence },
      attempt: head.attempt,
      hop: head.hop,
      headers,
      peer: this.link.peer,
      deadlineAt,
      timers: this.timers,
    });
  }
}
