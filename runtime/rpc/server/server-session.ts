/** The server's end of a connection: turns CALL frames into calls, or into refusals. */
import type { Link } from "../../transport/transport.js";
import { ByteBudget } from "../byte-budget.js";
import type { Code, Executed } from "../codes.js";
import type { AnyMethod } from "../descriptor.js";
import { RpcError } from "../errors.js";
import { FrameError, type FrameReader } from "../frame-reader.js";
import { decodeHeaders, NO_HEADERS, type Headers } from "../headers.js";
import type { ServedExchange } from "../protocol/exchange.js";
import { ownFailure } from "../protocol/failure.js";
import { errorBody, Kind, readCall, readSettle, type CallHead, type SettleHead } from "../protocol/frame.js";
import { readHello, writeRefusal, writeWelcome, type Hello } from "../protocol/handshake.js";
import { Session } from "../protocol/session.js";
import { StreamNumbers } from "../protocol/stream-numbers.js";
import { Timeout } from "../timers.js";
import { CancelRate } from "./cancel-rate.js";
import { ServedStream } from "./served-stream.js";
import { ServedUnary } from "./served-unary.js";
import { ServerContext } from "./server-context.js";
import type { ServerHost } from "./server-host.js";
import type { ServingSession } from "./serving-session.js";
import { SessionRecords } from "./session-records.js";
import { SettleRequest } from "./settle-request.js";

export class ServerSession extends Session<ServedExchange> implements ServingSession {
  protected override readonly pausesForPeer = true;
  readonly #host: ServerHost;
  readonly #onEnded: () => void;
  readonly #handshake: Timeout;
  readonly #cancels: CancelRate;
  /** Of requests. */
  readonly #held: ByteBudget;
  #hello: Hello | undefined;
  #records: SessionRecords | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** The client has said that it leaves: what it began before may still come, in pieces. */
  #leaves = false;
  readonly #streams = new StreamNumbers();

  constructor(link: Link, host: ServerHost, ended: () => void) {
    super(link, host.limits, host.timers, new ByteBudget(host.limits.maxConnectionReplyBytes, host.unsent));
    this.#host = host;
    this.#onEnded = ended;
    this.#cancels = new CancelRate(host.limits.maxCancelsPerSecond, host.timers);
    this.#held = new ByteBudget(host.limits.maxConnectionRequestBytes, host.held);
    const { handshakeMs } = host.limits;
    this.#handshake = new Timeout(() => this.abort(new Error(`no greeting came within ${handshakeMs} ms`)), false);
  }

  start(): void {
    this.timers.set(this.#handshake, this.timers.clock.now() + this.limits.handshakeMs);
    this.link.open(this);
  }

  protected override get lastStream(): number {
    return this.#streams.last;
  }

  get records(): SessionRecords {
    this.#records ??= new SessionRecords(this.#clientId);
    return this.#records;
  }

  countCancel(): void {
    this.#cancels.count();
  }

  hasRoomFor(payload: Uint8Array): boolean {
    return this.outbox.hasRoomFor(payload);
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

  /** What is no fault of the client's is told to the operator. */
  override breach(error: unknown): void {
    if (!(error instanceof FrameError)) this.#host.report({ error, method: undefined, callId: undefined, peer: this.link.peer });
    super.breach(error);
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
    const { instanceId, table, guards, locator } = this.#host;
    this.send(writeWelcome(instanceId, table.services, this.limits, guards, locator.tell(this.link.peer, this.#hello)));
  }

  protected override onCall(reader: FrameReader, flags: number): void {
    const head = readCall(reader, flags);
    const late = this.#streams.take(head.stream);
    if (this.closing) {
      // From the GOAWAY, which names the last call taken, the client learns that a later one was not begun.
      if (late || this.#leaves) this.#refuse(head.stream, new RpcError({ code: "UNAVAILABLE", message: "the server is closing" }));
      return;
    }
    if (reader.remaining > this.limits.maxMessageBytes) throw new FrameError("a request exceeds the message limit");
    const served = this.#host.table.method(head.method);
    if (served === undefined) return this.#refuse(head.stream, noSuchMethod(head.method));
    const { descriptor, handler } = served;
    if (handler === undefined) {
      const message = `${descriptor.path} has no handler`;
      return this.#refuse(head.stream, new RpcError({ code: "UNIMPLEMENTED", message }));
    }
    const headers = this.#admitted(head, "no");
    if (headers === undefined) return;
    const receivedAt = this.timers.clock.now();
    const deadlineAt = receivedAt + this.#grantedMs(head, descriptor);
    const { semantics } = descriptor;
    if (head.session !== undefined) this.lease();
    const { link, timers } = this;
    const clientId = this.#clientId;
    const context = new ServerContext({ clientId, head, semantics, headers, peer: link.peer, deadlineAt, receivedAt, timers });
    const init = { host: this.#host, session: this, head, method: descriptor, handler, context, budget: this.#held };
    const payload = reader.rest();
    if (this.#held.take(payload.length)) return new (descriptor.kind === "unary" ? ServedUnary : ServedStream)(init).begin(payload, deadlineAt);
    const message = "the server holds as many bytes of requests as it may (`limits.maxConnectionRequestBytes`, `maxRequestBytes` of `serve`)";
    this.#refuse(head.stream, new RpcError({ code: "RESOURCE_EXHAUSTED", message, retryAfterMs: this.#host.limits.retryAfterMs }));
  }

  async inTurn<T>(authenticated: Promise<T>, left: Promise<void>): Promise<T> {
    const before = this.#turn;
    // Without what they came to: it would be kept for as long as the connection lives.
    this.#turn = Promise.allSettled([before, Promise.race([authenticated, left])]).then(() => {});
    await before;
    return authenticated;
  }

  protected override onSettle(reader: FrameReader, flags: number): void {
    const head = readSettle(reader, flags);
    this.#streams.take(head.stream);
    if (this.closing) return;
    const method = this.#host.table.method(head.method)?.descriptor;
    if (method === undefined) return this.#refuse(head.stream, noSuchMethod(head.method), "unknown");
    const headers = this.#admitted(head, "unknown");
    if (headers === undefined) return;
    const guard = this.#host.guards.of[method.semantics];
    if (guard === undefined || method.kind !== "unary") {
      const message = `nothing is kept of calls of ${method.path}`;
      return this.#refuse(head.stream, new RpcError({ reason: "OUTCOME_UNKNOWN", message }), "unknown");
    }
    const { stream, sequence, key, ageMs } = head;
    void new SettleRequest(this.#host, this, stream).begin(guard, { method, sequence, key, ageMs }, headers);
  }

  protected override onReply(): void {
    throw new FrameError("a client does not reply");
  }

  protected override onError(): void {
    throw new FrameError("a client does not answer with errors");
  }

  /** The client opens nothing more; what is in flight is answered. */
  protected override onGoaway(): void {
    this.#leaves = true;
    this.drain();
  }

  protected override ended(): void {
    this.timers.clear(this.#handshake);
    this.#records?.close();
    this.#onEnded();
  }

  #refuse(stream: number, error: RpcError, executed: Executed = "no"): void {
    this.sendPayload(Kind.ERROR, stream, errorBody(ownFailure(error, executed)));
  }

  /** The headers of what may come in; undefined where it was refused. */
  #admitted({ stream, headers }: SettleHead, executed: Executed): Headers | undefined {
    const { maxCallsPerConnection, retryAfterMs } = this.#host.limits;
    if (this.inFlight >= maxCallsPerConnection) {
      const message = "the connection has as many calls in flight as it may";
      this.#refuse(stream, new RpcError({ code: "RESOURCE_EXHAUSTED", message, retryAfterMs }), executed);
      return undefined;
    }
    try {
      return headers === undefined ? NO_HEADERS : decodeHeaders(headers, this.limits);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#refuse(stream, new RpcError({ code: "INVALID_ARGUMENT", message: error.message }), executed);
      return undefined;
    }
  }

  /** A unary call never gets more than the server's limit, and streams what they ask for. */
  #grantedMs(head: CallHead, method: AnyMethod): number {
    const asked = head.remainingMs === 0 ? Infinity : head.remainingMs;
    return method.kind === "unary" ? Math.min(asked, this.#host.limits.clampMs) : asked;
  }

  get #clientId(): Uint8Array {
    return this.#hello?.clientId ?? NO_ID;
  }
}

const NO_ID = new Uint8Array();

function noSuchMethod(number: number): RpcError {
  return new RpcError({ code: "UNIMPLEMENTED", message: `the server has no method ${number}` });
}
