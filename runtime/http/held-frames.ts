/**
 * Frames that came in a body of HTTP. Credit does not travel by HTTP: elements beyond what the session has granted wait
 * here, and no more is read from the body until they have gone, which its sender feels.
 */
import { FrameError, FrameReader } from "../rpc/frame-reader.js";
import { elementCost, type SendCredit } from "../rpc/protocol/flow-control.js";
import { Kind } from "../rpc/protocol/frame.js";

export interface Body {
  pause(): unknown;
  resume(): unknown;
}

export class HeldFrames {
  readonly #own: SendCredit;
  readonly #shared: SendCredit;
  readonly #body: Body;
  readonly #deliver: (frame: Uint8Array) => void;
  #frames: Uint8Array[] = [];
  #releasing = false;
  #stopped = false;

  /** @param own of the stream, and `shared` of the connection: what the session has granted, less what was delivered. */
  constructor(own: SendCredit, shared: SendCredit, body: Body, deliver: (frame: Uint8Array) => void) {
    this.#own = own;
    this.#shared = shared;
    this.#body = body;
    this.#deliver = deliver;
  }

  /** @param frame valid until this returns. */
  push(frame: Uint8Array): void {
    if (this.#stopped) return;
    this.#frames.push(frame.slice());
    this.release();
  }

  /** There is new credit. */
  grant(bytes: number): void {
    this.#own.grant(bytes);
    this.release();
  }

  /** Delivers what there is credit for. */
  release(): void {
    if (this.#releasing) return;
    this.#releasing = true;
    let next = this.#frames[0];
    while (next !== undefined && this.#passes(next)) {
      this.#frames.shift();
      this.#deliver(next);
      next = this.#frames[0];
    }
    this.#releasing = false;
    if (next === undefined) this.#body.resume();
    else this.#body.pause();
  }

  /** Nobody wants the rest. */
  stop(): void {
    this.#stopped = true;
    this.#frames = [];
    this.#body.resume();
  }

  #passes(frame: Uint8Array): boolean {
    if (frame[0] !== Kind.ITEM) return true;
    if (this.#own.available <= 0 || this.#shared.available <= 0) return false;
    const cost = costOf(frame);
    this.#own.spend(cost);
    this.#shared.spend(cost);
    return true;
  }
}

/** What kind of frame it is, if it is a PING or of the stream; undefined for any other, and for what is no frame. */
export function kindWithin(frame: Uint8Array, stream: number): number | undefined {
  const reader = new FrameReader(frame);
  try {
    const kind = reader.u8();
    return kind === Kind.PING || reader.varint() === stream ? kind : undefined;
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}

/** What an ITEM frame costs. @throws FrameError if it has no stream. */
export function costOf(frame: Uint8Array): number {
  const reader = new FrameReader(frame);
  reader.u8();
  reader.varint();
  return elementCost(reader.rest());
}
