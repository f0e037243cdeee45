/** Cuts long frames into pieces, so that others pass between them, and puts the peer's together again (docs/wire.md, 2.3). */
import { giveUp } from "../../wire/own-memory.js";
import { newMemory } from "../../wire/piece.js";
import type { ByteBudget } from "../byte-budget.js";
import type { Clock } from "../clock.js";
import { FrameError, FrameReader } from "../frame-reader.js";
import type { FrameWriter } from "../frame-writer.js";
import { Kind, KIND_MASK, writePiece } from "./frame.js";
import { PieceWindow } from "./piece-window.js";

/** Where pieces leave: the link of the session. */
export interface PieceOutlet {
  send(frame: Uint8Array): void;
  sendInParts?(head: Uint8Array, body: Uint8Array): void;
  readonly congested: boolean;
}

/** A frame on its way out, in two parts as it was given, and what may not pass it. */
interface Outgoing {
  readonly stream: number;
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  offset: number;
  readonly followers: Uint8Array[];
}

/** One long frame after the other, in the order in which they came. */
export class PieceSender {
  readonly #outlet: PieceOutlet;
  readonly #writer: FrameWriter;
  readonly #window: PieceWindow;
  readonly #queue: Outgoing[] = [];
  /** By stream: the last of its frames in the queue. */
  readonly #lastOf = new Map<number, Outgoing>();
  /** The streams of calls that are not all sent; also behind the end, for those who ask what became of theirs. */
  readonly #calls = new Set<number>();
  readonly #budget: ByteBudget | undefined;
  #deaf = false;

  /** @param budget of what waits here. */
  constructor(outlet: PieceOutlet, writer: FrameWriter, pieceBytes: number, clock: Clock, budget?: ByteBudget) {
    this.#outlet = outlet;
    this.#writer = writer;
    this.#window = new PieceWindow(clock, pieceBytes);
    this.#budget = budget;
  }

  get idle(): boolean {
    return this.#queue.length === 0;
  }

  /** @param head what stands before the body; may be the whole frame. */
  add(stream: number, head: Uint8Array, body: Uint8Array): void {
    const outgoing: Outgoing = { stream, head, body, offset: 0, followers: [] };
    this.#queue.push(outgoing);
    this.#lastOf.set(stream, outgoing);
    if (kindOf(head) === Kind.CALL) this.#calls.add(stream);
    this.#budget?.hold(head.length + body.length);
    if (this.#queue.length === 1) this.proceed();
  }

  /** Whether a frame of that stream is on its way, which others of the stream must not pass. */
  holds(stream: number): boolean {
    return this.#lastOf.has(stream);
  }

  /** Whether the CALL of that stream is not all sent. */
  withholds(stream: number): boolean {
    return this.#calls.has(stream);
  }

  /** Whether the frame has to wait behind one of its stream; then it does. */
  follow(stream: number, frame: Uint8Array): boolean {
    const before = this.#lastOf.get(stream);
    before?.followers.push(frame);
    return before !== undefined;
  }

  /** A frame of a call passes what waits here, of which there is some. */
  passed(): void {
    this.#window.passed();
  }

  /** The peer says that it has taken so many pieces more. @returns whether any were under way. */
  taken(pieces: number): boolean {
    const took = this.#window.taken(pieces);
    this.proceed();
    return took;
  }

  /** @param deaf nobody reads what the peer acknowledges: the link's congestion is all there is to go by. */
  setDeaf(deaf: boolean): void {
    this.#deaf = deaf;
    this.proceed();
  }

  /** Nothing leaves any more. */
  close(): void {
    this.#lastOf.clear();
    for (const { head, body, offset } of this.#queue.splice(0)) this.#budget?.give(head.length + body.length - offset);
  }

  /** Sends what the link and the window let pass. */
  proceed(): void {
    for (let first = this.#queue[0]; first !== undefined && !this.#outlet.congested && (this.#deaf || this.#window.open); first = this.#queue[0]) {
      this.#sendPiece(first);
      if (first.offset < first.head.length + first.body.length) continue;
      this.#queue.shift();
      this.#calls.delete(first.stream);
      if (this.#lastOf.get(first.stream) === first) this.#lastOf.delete(first.stream);
      for (const frame of first.followers) this.#outlet.send(frame);
    }
  }

  #sendPiece(outgoing: Outgoing): void {
    const { stream, head, body, offset } = outgoing;
    const whole = head.length + body.length;
    const end = Math.min(whole, offset + this.#window.pieceBytes);
    const start = head.subarray(offset, end);
    const rest = body.subarray(Math.max(0, offset - head.length), Math.max(0, end - head.length));
    this.#window.sent(end - offset);
    this.#budget?.give(end - offset);
    outgoing.offset = end;
    if (this.#outlet.sendInParts === undefined) this.#outlet.send(writePiece(this.#writer, stream, whole - end, start, rest));
    else this.#outlet.sendInParts(writePiece(this.#writer, stream, whole - end, start), rest);
  }
}

/** What is reserved at first for a frame in pieces, of its own word: no more than came, times this. */
const GROWTH = 16;

/** The frame of the peer that is arriving in pieces: one at a time. */
export class PieceReceiver {
  #stream = 0;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array();
  #have = 0;
  #remaining = 0;

  /**
   * @param reader at the piece, behind the stream's number.
   * @returns the frame, if this was its last piece.
   * @throws FrameError if it is no piece of the frame that is arriving, or that is too long.
   */
  take(stream: number, reader: FrameReader, maxFrameBytes: number): Uint8Array | undefined {
    const remaining = reader.varint();
    const piece = reader.rest();
    if (stream === 0 || piece.length === 0) throw new FrameError("a piece of nothing");
    if (this.#stream === 0) {
      if (piece.length + remaining > maxFrameBytes) throw new FrameError(`a frame of ${piece.length + remaining} bytes exceeds the limit of ${maxFrameBytes}`);
      this.#stream = stream;
    } else if (stream !== this.#stream || piece.length + remaining !== this.#remaining) {
      throw new FrameError("a piece belongs to another frame than the one that is arriving");
    }
    this.#append(piece, remaining);
    if (remaining > 0) return undefined;
    const frame = this.#bytes.subarray(0, this.#have);
    this.#stream = 0;
    this.#have = 0;
    this.#bytes = new Uint8Array();
    if (!CUT.has(kindOf(frame))) throw new FrameError("a frame of its kind does not come in pieces");
    if (new FrameReader(frame.subarray(1)).varint() !== stream) throw new FrameError("the pieces had another stream than their frame");
    giveUp(frame.buffer);
    return frame;
  }

  #append(piece: Uint8Array, remaining: number): void {
    const have = this.#have + piece.length;
    if (have > this.#bytes.length) {
      const grown = newMemory(Math.min(have + remaining, have * GROWTH));
      grown.set(this.#bytes.subarray(0, this.#have));
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#have);
    this.#have = have;
    this.#remaining = remaining;
  }
}

function kindOf(frame: Uint8Array): number {
  return (frame[0] ?? 0) & KIND_MASK;
}

/** Those that carry what somebody else has written, and so may be long. */
const CUT: ReadonlySet<number> = new Set([Kind.CALL, Kind.REPLY, Kind.ERROR, Kind.ITEM, Kind.SETTLE]);
