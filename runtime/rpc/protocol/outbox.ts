/** What leaves a session: whole frames and long ones in pieces, at the peer's pace, and not for ever. */
import type { Link } from "../../transport/transport.js";
import type { ByteBudget } from "../byte-budget.js";
import { FrameError } from "../frame-reader.js";
import type { FrameWriter } from "../frame-writer.js";
import type { Limits } from "../limits.js";
import { Timeout, type Timers } from "../timers.js";
import { PieceSender } from "./pieces.js";

/** Payloads up to here are copied into their frames. */
const COPIED_BYTES = 16 << 10;

/** Of answers that cost the peer a few bytes to ask for, so many wait at most: who takes what it asks for never has more than some dozens. */
const MOST_ANSWERS = 1_000;

const NO_BYTES = new Uint8Array();

export interface OutboxOptions {
  readonly link: Link;
  readonly limits: Limits;
  readonly timers: Timers;
  /** Of what waits for the peer. */
  readonly budget: ByteBudget | undefined;
  /** Whether a peer that does not read is not read from either: for the end that answers. */
  readonly pausesForPeer: () => boolean;
  /** The peer has taken nothing for too long. */
  readonly stalled: (why: string) => void;
  /** Nothing waits any more. */
  readonly emptied: () => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #link: Link;
  readonly #pieces: PieceSender;
  readonly #patience: Timeout;
  #impatience = "";
  /** Since all that had been there before was gone. */
  #unsentBytes = 0;
  /** Of the budget, for what the link has. */
  #queuedBytes = 0;
  /** Of those that wait. */
  #answers = 0;
  #paused = false;
  #closed = false;

  constructor(options: OutboxOptions, writer: FrameWriter) {
    this.#options = options;
    this.#link = options.link;
    this.#pieces = new PieceSender(options.link, writer, options.limits.pieceBytes, options.timers.clock, options.budget);
    this.#patience = new Timeout(() => options.stalled(this.#impatience), false);
  }

  /** Whether no frame is in pieces or waits for one that is. */
  get idle(): boolean {
    return this.#pieces.idle;
  }

  /** Whether nothing is read from the peer, which takes too little. */
  get deaf(): boolean {
    return this.#paused;
  }

  /** Whether to send the payload behind its head is better than to copy it there. */
  inParts(payload: Uint8Array): boolean {
    return payload.length > COPIED_BYTES && this.#link.sendInParts !== undefined;
  }

  /** Whether a payload may wait for the peer, if it has to. */
  hasRoomFor({ length }: Uint8Array): boolean {
    return !(this.#link.congested || this.#isLong(length, 1)) || this.#options.budget?.fits(length) !== false;
  }

  /** @param stream of which it is; 0 for what is of none, and passes all others. */
  send(frame: Uint8Array, stream: number): void {
    if (this.#closed) return;
    if (this.#isLong(frame.length, stream)) return this.#cut(stream, frame, NO_BYTES);
    if (this.#link.congested) this.#queue(frame.length);
    if (!this.#pieces.idle) {
      if (this.#pieces.follow(stream, frame)) return;
      if (stream !== 0) this.#pieces.passed();
    }
    this.#link.send(frame);
  }

  /**
   * Sends what the peer has asked the session itself for, and not a call: a PONG, a TAKEN.
   * @throws FrameError if it asks and asks, and takes nothing: of the end that asks for calls, nobody else bounds what waits.
   */
  answer(frame: Uint8Array): void {
    if (this.#link.congested) this.#answers += 1;
    if (this.#answers > MOST_ANSWERS) throw new FrameError("it asks for answers and takes none");
    this.send(frame, 0);
  }

  sendInParts(head: Uint8Array, payload: Uint8Array, stream: number): void {
    if (this.#closed) return;
    const length = head.length + payload.length;
    if (this.#isLong(length, stream) || this.#pieces.holds(stream)) return this.#cut(stream, head, payload);
    if (this.#link.congested) this.#queue(length);
    if (!this.#pieces.idle) this.#pieces.passed();
    this.#link.sendInParts?.(head, payload);
  }

  /** Whether the CALL of that stream is not all sent, so that it cannot have begun. */
  withholds(stream: number): boolean {
    return this.#pieces.withholds(stream);
  }

  /** The link is congested no more. */
  drained(): void {
    this.#answers = 0;
    this.#dequeue();
    this.#progressed();
    this.#pieces.proceed();
    this.#relieve();
  }

  /** The peer has taken so many pieces more. */
  taken(pieces: number): void {
    if (this.#pieces.taken(pieces)) this.#progressed();
    this.#relieve();
  }

  /** The peer takes some of what waits: it is given as long for the rest. */
  #progressed(): void {
    if (this.#unsentBytes > 0) this.expectProgress(this.#options.limits.stallMs, this.#impatience);
  }

  /** Gives the peer so long, from now. */
  expectProgress(forMs: number, orElse: string): void {
    const { timers } = this.#options;
    this.#impatience = orElse;
    timers.set(this.#patience, timers.clock.now() + forMs);
  }

  /** Nothing leaves any more; what was given to the link is its business. */
  close(): void {
    this.#closed = true;
    this.#pieces.close();
    this.#stop();
  }

  /** The link is gone, and what it had with it. */
  down(): void {
    this.#dequeue();
    this.#stop();
  }

  /** Nothing is awaited any more. */
  #stop(): void {
    this.#options.timers.clear(this.#patience);
  }

  #isLong(bytes: number, stream: number): boolean {
    return bytes > this.#options.limits.pieceBytes && stream !== 0 && this.#link.inPieces === true;
  }

  #cut(stream: number, head: Uint8Array, body: Uint8Array): void {
    this.#hoard(head.length + body.length);
    this.#pieces.add(stream, head, body);
    this.#relieve();
  }

  /** What a congested link is given waits there. */
  #queue(bytes: number): void {
    this.#hoard(bytes);
    this.#queuedBytes += bytes;
    this.#options.budget?.hold(bytes);
  }

  #dequeue(): void {
    this.#options.budget?.give(this.#queuedBytes);
    this.#queuedBytes = 0;
  }

  #relieve(): void {
    if (!this.#pieces.idle || this.#link.congested) return;
    if (this.#unsentBytes > 0) {
      this.#unsentBytes = 0;
      this.#stop();
    }
    if (this.#paused) {
      this.#paused = false;
      this.#pieces.setDeaf(false);
      this.#link.resume();
    }
    this.#options.emptied();
  }

  /** A peer that does not take its answers gets no more questions read, and is left altogether when it stays so. */
  #hoard(bytes: number): void {
    const { limits, pausesForPeer } = this.#options;
    if (this.#unsentBytes === 0) this.expectProgress(limits.stallMs, `the peer took nothing for ${limits.stallMs} ms`);
    this.#unsentBytes += bytes;
    if (!pausesForPeer() || this.#paused || this.#unsentBytes <= limits.maxBufferedBytes) return;
    this.#paused = true;
    this.#pieces.setDeaf(true);
    this.#link.pause();
  }
}
