/** The caller's end of a connection. */
import type { Link } from "../../transport/transport.js";
import { formatId } from "../call-id.js";
import { CODE_NUMBERS } from "../codes.js";
import { RpcError, messageOf } from "../errors.js";
import { FrameError, type FrameReader } from "../frame-reader.js";
import type { Limits } from "../limits.js";
import type { CallerExchange } from "../protocol/exchange.js";
import type { ServerIdentity } from "../protocol/fence.js";
import { readError, writeCall, writeSettle, type CallHead, type Goaway, type SettleHead } from "../protocol/frame.js";
import { readWelcome, writeHello, type RemoteMethod, type Welcome } from "../protocol/handshake.js";
import { Session } from "../protocol/session.js";
import { Timeout, type Timers } from "../timers.js";

/** What the session's owner learns of it. Exactly one of `ready` and `refused` is called, before anything else. */
export interface ClientSessionOwner {
  ready(session: ClientSession): void;
  /**
   * @param cause RpcError FAILED_PRECONDITION or the like if the server said why; any other if it could not be
   * understood or heard.
   */
  refused(cause: Error): void;
  /** It takes no new calls. */
  draining(): void;
  ended(cause: RpcError): void;
}

export interface ClientIdentity {
  readonly clientId: Uint8Array;
  readonly boundInstance: Uint8Array | undefined;
  /** For a server that is to prove itself the one that offered its address. */
  readonly challenge?: Uint8Array | undefined;
}

export class ClientSession extends Session<CallerExchange> {
  protected override readonly pausesForPeer = false;
  readonly #owner: ClientSessionOwner;
  readonly #identity: ClientIdentity;
  readonly #handshake: Timeout;
  #welcome: Welcome | undefined;
  #server: ServerIdentity = { instance: "", storeId: undefined, retentionMs: undefined };
  #refusal: Error | undefined;
  #settled = false;
  #lastStream = 0;
  /** Calls that ended here first, whose answers may still come. */
  #abandoned = 0;

  constructor(link: Link, limits: Limits, timers: Timers, identity: ClientIdentity, owner: ClientSessionOwner) {
    super(link, limits, timers);
    this.#identity = identity;
    this.#owner = owner;
    this.#handshake = new Timeout(() => this.abort(new Error(`no greeting came within ${limits.handshakeMs} ms`)));
  }

  start(): void {
    this.timers.set(this.#handshake, this.timers.clock.now() + this.limits.handshakeMs);
    this.link.open(this);
    this.send(writeHello({ ...this.#identity, ...this.limits }));
  }

  protected override get lastStream(): number {
    return this.#lastStream;
  }

  /** The server's instance id; empty before the handshake. */
  get instanceId(): Uint8Array {
    return this.#welcome?.instanceId ?? new Uint8Array();
  }

  /** Nearer ways to it, if it knows of any: an `Offer` as it travels. */
  get offer(): Uint8Array | undefined {
    return this.#welcome?.offer;
  }

  /** Its answer to the challenge. */
  get proof(): Uint8Array | undefined {
    return this.#welcome?.proof;
  }

  /** What the fate of guarded calls depends on; of an empty instance before the handshake. */
  get server(): ServerIdentity {
    return this.#server;
  }

  /** As the server has it: undefined if it has no such method. */
  method(path: string): RemoteMethod | undefined {
    return this.#welcome?.methods.get(path);
  }

  /** The number that the connection will know the next call by. */
  nextStream(): number {
    this.#lastStream += 1;
    return this.#lastStream;
  }

  /** Another takes the new calls. What has to keep to this one, as a session of `@failStop` calls has, holds it open. */
  makeWay(): void {
    if (!this.leased) this.drain();
  }

  call(head: CallHead, payload: Uint8Array, exchange: CallerExchange): void {
    this.attach(head.stream, exchange);
    if (this.outbox.inParts(payload)) this.outbox.sendInParts(writeCall(this.writer, head), payload, head.stream);
    else this.send(writeCall(this.writer, head, payload), head.stream);
  }

  /** Asks what became of a call. */
  ask(head: SettleHead, exchange: CallerExchange): void {
    this.attach(head.stream, exchange);
    this.send(writeSettle(this.writer, head), head.stream);
  }

  /** Leaves a call whose answer has not come. */
  abandon(stream: number, tell: boolean): void {
    if (this.exchange(stream) === undefined) return;
    this.#abandoned += 1;
    if (tell) this.sendCancel(stream, CODE_NUMBERS.CANCELLED);
    this.detach(stream);
  }

  protected override greeting(frame: Uint8Array): void {
    try {
      this.#welcome = readWelcome(frame);
    } catch (error) {
      this.#refusal = error instanceof Error ? error : new Error(messageOf(error));
      return this.close();
    }
    const { instanceId, storeId, retentionMs } = this.#welcome;
    this.#server = { instance: formatId(instanceId), storeId, retentionMs };
    this.greet(this.#welcome);
    this.#settle();
    this.#owner.ready(this);
  }

  protected override onCall(): void {
    throw new FrameError("a server does not call");
  }

  protected override onSettle(): void {
    throw new FrameError("a server does not ask what became of calls");
  }

  protected override onReply(reader: FrameReader, stream: number): void {
    const exchange = this.#answered(stream);
    if (reader.remaining > this.limits.maxMessageBytes) throw new FrameError("a reply exceeds the message limit");
    exchange?.reply(reader.rest());
  }

  protected override onError(reader: FrameReader, stream: number): void {
    this.#answered(stream)?.error(readError(reader));
  }

  /** Calls that the server has not begun are told at once; the others have their answers to wait for. */
  protected override onGoaway(goaway: Goaway): void {
    const message = `${this.link.peer.address} takes no more calls: ${goaway.message}`;
    const error = new RpcError({ code: "UNAVAILABLE", message, executed: "no" });
    this.#owner.draining();
    const open = this.entries();
    // Before they are told: a call that keeps to this connection must not begin here anew, where nobody would answer it.
    this.drain();
    for (const [stream, exchange] of open) {
      if (stream <= goaway.lastStream && !this.outbox.withholds(stream)) continue;
      this.detach(stream);
      exchange.notStarted(error);
    }
  }

  protected override lose(exchange: CallerExchange, stream: number, error: RpcError): void {
    if (!this.outbox.withholds(stream)) return exchange.lost(error);
    exchange.notStarted(new RpcError({ code: "UNAVAILABLE", message: error.message, executed: "no", cause: error.cause }));
  }

  protected override ended(cause: RpcError): void {
    if (this.#settled) return this.#owner.ended(cause);
    this.#settle();
    const doubt = `the server had not greeted; is it one, and is it served as ${this.link.peer.transport}: there?`;
    this.#owner.refused(this.#refusal ?? new Error(`${cause.message} (${doubt})`, { cause: cause.cause }));
  }

  #settle(): void {
    this.#settled = true;
    this.timers.clear(this.#handshake);
  }

  /** An answer to a call that is over here was on its way when that call was left, or else makes no sense. */
  #answered(stream: number): CallerExchange | undefined {
    const exchange = this.exchange(stream);
    if (exchange === undefined) {
      if (this.#abandoned > 0 && stream <= this.#lastStream) this.#abandoned -= 1;
      else this.stray(`an answer to call ${stream}, which is not open`);
    }
    return exchange;
  }
}
