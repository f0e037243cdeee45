/** What both ends of a connection have in common: frames in and out, credit, signs of life, and an orderly end. */
import type { Link, LinkReceiver } from "../../transport/transport.js";
import { unplaced } from "../address.js";
import { AscendingTable } from "../ascending-table.js";
import type { ByteBudget } from "../byte-budget.js";
import type { Code } from "../codes.js";
import { codeOfNumber } from "../codes.js";
import { RpcError, messageOf } from "../errors.js";
import { FrameError, FrameReader } from "../frame-reader.js";
import { FrameWriter } from "../frame-writer.js";
import { MAX_CREDIT, maxFrameBytes, type Limits } from "../limits.js";
import type { Timers } from "../timers.js";
import type { Exchange } from "./exchange.js";
import { elementCost, ReceiveCredit, SendGate, SendWindow } from "./flow-control.js";
import { Kind, KIND_MASK, readGoaway, writeGoaway, writeNumbers, writePayload, type Goaway } from "./frame.js";
import type { Grants } from "./handshake.js";
import { Keepalive } from "./keepalive.js";
import { Lease } from "./lease.js";
import { Outbox } from "./outbox.js";
import { PieceReceiver } from "./pieces.js";

/** The receiver of a link. `E` is the side of a call that this end holds. */
export abstract class Session<E extends Exchange> implements LinkReceiver {
  readonly link: Link;
  readonly limits: Limits;
  readonly timers: Timers;
  protected readonly writer = new FrameWriter();
  readonly #exchanges = new AscendingTable<E>();
  readonly #reader = new FrameReader(new Uint8Array());
  readonly #received: ReceiveCredit;
  readonly #arriving = new PieceReceiver();
  protected readonly outbox: Outbox;
  readonly #keepalive: Keepalive;
  readonly #gate: SendGate;
  #greeted = false;
  #over = false;
  #closing = false;
  #down = false;
  #tellDown: (() => void) | undefined;
  #strays = 0;
  #lease: Lease | undefined;
  #widenedFor: number;
  #peerMessageBytes = 0;
  #peerStreamWindow = 0;

  constructor(link: Link, limits: Limits, timers: Timers, budget?: ByteBudget) {
    this.link = link;
    this.limits = limits;
    this.timers = timers;
    this.#gate = new SendGate(link);
    this.outbox = new Outbox({
      link,
      limits,
      timers,
      budget,
      pausesForPeer: () => this.pausesForPeer,
      stalled: (why) => this.abort(new Error(why)),
      emptied: () => this.#closeIfDone(),
    }, this.writer);
    this.#received = new ReceiveCredit(limits.connectionWindowBytes, (bytes) => this.sendCredit(0, bytes));
    // Up to half of the window may have been read and not been granted again.
    this.#widenedFor = Math.floor(limits.connectionWindowBytes / 2 / (2 * limits.streamWindowBytes));
    this.#keepalive = new Keepalive(timers, limits, {
      busy: () => this.#exchanges.size > 0,
      deaf: () => this.outbox.deaf,
      ping: () => this.#sendNumbers(Kind.PING, 0),
      dead: (silentMs) => this.abort(new Error(`nothing was heard of the peer for ${silentMs} ms`)),
    });
  }

  /** The peer's first frame. */
  protected abstract greeting(frame: Uint8Array): void;
  protected abstract onCall(reader: FrameReader, flags: number): void;
  protected abstract onSettle(reader: FrameReader, flags: number): void;
  protected abstract onReply(reader: FrameReader, stream: number): void;
  protected abstract onError(reader: FrameReader, stream: number): void;
  protected abstract onGoaway(goaway: Goaway): void;
  /** The connection is over; every exchange has been told. */
  protected abstract ended(cause: RpcError): void;
  /** The highest stream that was ever open here; frames for later ones make no sense. */
  protected abstract readonly lastStream: number;
  /** Whether a peer that does not read is not read from either: for the end that answers. */
  protected abstract readonly pausesForPeer: boolean;

  get over(): boolean {
    return this.#over;
  }

  /** No new exchange may begin: the end has come or has been announced by this side. */
  get closing(): boolean {
    return this.#closing || this.#over;
  }

  get inFlight(): number {
    return this.#exchanges.size;
  }

  /** As they are now: calling one may end others. */
  entries(): readonly (readonly [stream: number, exchange: E])[] {
    return this.#exchanges.entries();
  }

  exchange(stream: number): E | undefined {
    return this.#exchanges.get(stream);
  }

  get maxPeerMessageBytes(): number {
    return this.#peerMessageBytes;
  }

  /** What the peer granted in its greeting. */
  protected greet(grants: Grants): void {
    this.#greeted = true;
    this.#peerMessageBytes = grants.maxMessageBytes;
    this.#peerStreamWindow = grants.streamWindowBytes;
    this.#gate.credit.grant(Math.min(grants.connectionWindowBytes, MAX_CREDIT));
  }

  /** From now on the peer must be heard within the lease, whether calls are in flight or not. */
  lease(): void {
    this.#lease ??= new Lease(this.timers, this.limits.leaseMs, {
      ping: () => this.#sendNumbers(Kind.PING, 0),
      lapsed: (silentMs) => this.abort(new Error(`nothing was heard of the peer for ${silentMs} ms`)),
    });
  }

  get leased(): boolean {
    return this.#lease !== undefined;
  }

  attach(stream: number, exchange: E): void {
    this.#exchanges.set(stream, exchange);
    this.#keepalive.watch();
  }

  /** The exchange is over; later frames for it are dropped. */
  detach(stream: number): void {
    this.#exchanges.delete(stream);
    this.#closeIfDone();
  }

  openWindow(): SendWindow {
    return new SendWindow(this.#gate, this.#peerStreamWindow, this.timers, this.limits.stallMs);
  }

  /**
   * What the peer may send on a stream. The connection's share is widened by two windows for each stream that it would
   * not hold full (a window, and an element that passed with the last of its credit): streams that nobody reads must
   * not starve the others.
   */
  openCredit(stream: number): ReceiveCredit {
    if (this.#exchanges.size > this.#widenedFor) {
      this.#widenedFor += 1;
      this.#received.widen(2 * this.limits.streamWindowBytes);
    }
    return new ReceiveCredit(this.limits.streamWindowBytes, (bytes) => {
      if (this.#exchanges.get(stream) !== undefined) this.sendCredit(stream, bytes);
    });
  }

  elementRead(cost: number): void {
    this.#received.read(cost);
  }

  /** @param stream of which it is; 0 for what is of none, and passes all others. */
  send(frame: Uint8Array, stream = 0): void {
    this.outbox.send(frame, stream);
  }

  sendPayload(kind: number, stream: number, payload: Uint8Array): void {
    if (this.outbox.inParts(payload)) this.outbox.sendInParts(writePayload(this.writer, kind, stream), payload, stream);
    else this.send(writePayload(this.writer, kind, stream, payload), stream);
  }

  /** The connection is over, and with it what was in flight. */
  protected lose(exchange: E, _stream: number, error: RpcError): void {
    exchange.lost(error);
  }

  sendEnd(stream: number): void {
    this.send(writeNumbers(this.writer, Kind.END, stream), stream);
  }

  sendCancel(stream: number, codeNumber: number): void {
    this.send(writeNumbers(this.writer, Kind.CANCEL, stream, codeNumber), stream);
  }

  sendCredit(stream: number, bytes: number): void {
    this.#sendNumbers(Kind.CREDIT, stream, bytes);
  }

  frame(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#keepalive.heard();
    this.#lease?.heard();
    try {
      if (this.#greeted) this.#read(bytes);
      else this.greeting(bytes);
    } catch (error) {
      this.breach(error);
    }
  }

  drained(): void {
    if (this.#over) return;
    this.outbox.drained();
    this.#gate.letPass();
  }

  closed(cause?: Error): void {
    this.#finish(cause);
    this.#isDown();
  }

  lost(stream: number, cause: Error): void {
    const exchange = this.#exchanges.get(stream);
    if (exchange === undefined) return;
    const message = `the call to ${this.link.peer.address} was lost: ${cause.message}`;
    this.detach(stream);
    this.lose(exchange, stream, new RpcError({ reason: "OUTCOME_UNKNOWN", message, executed: "unknown", cause }));
  }

  /** Resolves when the link itself is gone, which after `close` takes as long as the peer needs to read the last of it. */
  whenDown(): Promise<void> {
    return this.#down ? Promise.resolve() : new Promise((resolve) => (this.#tellDown = resolve));
  }

  /** Announces the end; what is in flight goes on, and the link closes behind the last of it. */
  goaway(code: Code, message: string): void {
    if (this.closing) return;
    this.send(writeGoaway(this.writer, { lastStream: this.lastStream, code, message }));
    this.drain();
  }

  /** Begins nothing more, and closes the link behind what is in flight. */
  drain(): void {
    this.#closing = true;
    this.#closeIfDone();
  }

  /** Delivers what was sent and ends; what is in flight is lost. A link that the peer holds open is cut after a while. */
  close(cause?: Error): void {
    if (this.#over) return;
    this.#finish(cause);
    this.link.close();
    if (this.#down) return;
    this.outbox.expectProgress(this.limits.handshakeMs, "the peer did not let the link close");
  }

  abort(cause: Error): void {
    this.link.abort(cause);
    this.#finish(cause);
    this.#isDown();
  }

  /** The peer broke the protocol: it is told so, and the connection ends. Anything but a FrameError is a fault of our own. */
  breach(error: unknown): void {
    const code = error instanceof FrameError ? "INVALID_ARGUMENT" : "INTERNAL";
    const message = error instanceof FrameError ? error.message : "the frame could not be handled";
    this.send(writeGoaway(this.writer, { lastStream: this.lastStream, code, message: `protocol error: ${message}` }));
    this.close(error instanceof Error ? error : new Error(messageOf(error)));
  }

  /** A frame that makes no sense but does no harm: dropped and counted. */
  protected stray(what: string): void {
    this.#strays += 1;
    if (this.#strays > this.limits.maxStrayFrames)
      throw new FrameError(`too many frames that make no sense; the last was ${what}`);
  }

  #read(bytes: Uint8Array): void {
    const reader = this.#reader;
    reader.reset(bytes);
    const first = reader.u8();
    const kind = first & KIND_MASK;
    if (kind === Kind.CALL) return this.onCall(reader, first & ~KIND_MASK);
    if (kind === Kind.SETTLE) return this.onSettle(reader, first & ~KIND_MASK);
    if (first !== kind) throw new FrameError(`a frame of kind ${kind} has flags`);
    switch (kind) {
      case Kind.REPLY:
        return this.onReply(reader, reader.varint());
      case Kind.ERROR:
        return this.onError(reader, reader.varint());
      case Kind.ITEM:
        return this.#onItem(reader.varint(), reader.rest());
      case Kind.END: {
        const exchange = this.#find(reader.varint(), "an end");
        reader.end();
        return exchange?.end();
      }
      case Kind.CANCEL: {
        const exchange = this.#find(reader.varint(), "a cancel");
        const code = codeOfNumber(reader.varint());
        reader.end();
        return exchange?.cancel(code);
      }
      case Kind.CREDIT:
        return this.#onCredit(reader);
      case Kind.PING:
        return this.#onPing(reader);
      case Kind.PONG:
        reader.varint();
        return reader.end();
      case Kind.GOAWAY:
        return this.onGoaway(readGoaway(reader));
      case Kind.PIECE:
        return this.#onPiece(reader);
      case Kind.TAKEN:
        return this.#onTaken(reader);
      default:
        return this.stray(`of the unknown kind ${kind}`);
    }
  }

  #onItem(stream: number, payload: Uint8Array): void {
    if (payload.length > this.limits.maxMessageBytes) throw new FrameError("an element exceeds the message limit");
    const cost = elementCost(payload);
    this.#received.received(cost);
    const exchange = this.#find(stream, "an element");
    if (exchange === undefined) this.#received.read(cost);
    else exchange.item(payload, cost);
  }

  #onPiece(reader: FrameReader): void {
    const stream = reader.varint();
    const frame = this.#arriving.take(stream, reader, maxFrameBytes(this.limits));
    this.outbox.answer(writeNumbers(this.writer, Kind.TAKEN, 1));
    if (frame !== undefined) this.#read(frame);
  }

  #onTaken(reader: FrameReader): void {
    const pieces = reader.varint();
    reader.end();
    this.outbox.taken(pieces);
  }

  #onPing(reader: FrameReader): void {
    const token = reader.varint();
    reader.end();
    this.outbox.answer(writeNumbers(this.writer, Kind.PONG, token));
  }

  #onCredit(reader: FrameReader): void {
    const stream = reader.varint();
    const bytes = reader.varint();
    reader.end();
    if (stream !== 0) return this.#find(stream, "a credit")?.grant(bytes);
    this.#gate.credit.grant(bytes);
    this.#gate.letPass();
  }

  /** Frames cross: one for an exchange that is over here is no fault, one for an exchange that never was is. */
  #find(stream: number, what: string): E | undefined {
    const exchange = this.#exchanges.get(stream);
    if (exchange === undefined && (stream > this.lastStream || stream === 0))
      this.stray(`${what} for call ${stream}, which never was`);
    return exchange;
  }

  #closeIfDone(): void {
    if (this.#closing && this.#exchanges.size === 0 && this.outbox.idle) this.close();
  }

  #sendNumbers(kind: number, first: number, second?: number): void {
    this.send(writeNumbers(this.writer, kind, first, second));
  }

  #isDown(): void {
    this.#down = true;
    this.outbox.down();
    this.#tellDown?.();
  }

  #finish(cause?: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.outbox.close();
    this.#keepalive.stop();
    this.#lease?.stop();
    const { address } = this.link.peer;
    const message = `the connection to ${address} ${cause === undefined ? "was closed" : `broke: ${unplaced(cause.message, address)}`}`;
    const error = new RpcError({ reason: "OUTCOME_UNKNOWN", message, executed: "unknown", cause });
    const exchanges = this.#exchanges.entries();
    this.#exchanges.clear();
    for (const [stream, exchange] of exchanges) this.lose(exchange, stream, error);
    this.ended(error);
  }
}
