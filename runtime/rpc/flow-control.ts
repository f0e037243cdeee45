/** Credit in bytes: a sender spends what its receiver granted, and the receiver grants anew as its reader reads. */
import { RpcError } from "./errors.js";
import { FrameError } from "./frame-reader.js";
import { Timed, type Timers } from "./timers.js";

/** Charged for each element beside its bytes, so that a flood of empty ones is bounded too. */
const ELEMENT_COST = 64;

/** More than this outstanding is no credit but an attempt at overflow. */
export const MAX_CREDIT = 0x7fff_ffff;

export function elementCost(payload: Uint8Array): number {
  return payload.length + ELEMENT_COST;
}

/**
 * What may be sent. An element passes while any credit is left, so that one larger than the whole window passes alone.
 */
export class SendCredit {
  #available: number;

  constructor(initial: number) {
    this.#available = initial;
  }

  get available(): number {
    return this.#available;
  }

  spend(cost: number): void {
    this.#available -= cost;
  }

  /** @throws FrameError if the sum is no credible credit. */
  grant(bytes: number): void {
    if (this.#available + bytes > MAX_CREDIT) throw new FrameError("a credit overflows");
    this.#available += bytes;
  }
}

/** What a peer was allowed to send and what was read of it since. */
export class ReceiveCredit {
  readonly #window: number;
  readonly #grant: (bytes: number) => void;
  #outstanding: number;
  #read = 0;

  constructor(window: number, grant: (bytes: number) => void) {
    this.#window = window;
    this.#outstanding = window;
    this.#grant = grant;
  }

  /** @throws FrameError if the peer sent without credit. */
  received(cost: number): void {
    if (this.#outstanding <= 0) throw new FrameError("an element was sent without credit");
    this.#outstanding -= cost;
  }

  /** Grants in portions of half a window, so that credits are few. */
  read(cost: number): void {
    this.#read += cost;
    if (this.#read * 2 < this.#window) return;
    this.widen(this.#read);
    this.#read = 0;
  }

  /** Grants more than was read, as far as there is such a credit. */
  widen(bytes: number): void {
    const granted = Math.min(bytes, MAX_CREDIT - this.#outstanding);
    if (granted <= 0) return;
    this.#outstanding += granted;
    this.#grant(granted);
  }
}

/** Where the elements of one stream wait until its own credit, the connection's and the link let them pass. */
export interface SendGate {
  /** Shared by all streams of the connection. */
  readonly credit: SendCredit;
  readonly congested: boolean;
  readonly blocked: Set<SendWindow>;
}

export class SendWindow extends Timed {
  readonly #gate: SendGate;
  readonly #credit: SendCredit;
  readonly #timers: Timers;
  readonly #stallMs: number;
  #proceed: (() => void) | undefined;
  #refuse: ((error: RpcError) => void) | undefined;

  constructor(gate: SendGate, initial: number, timers: Timers, stallMs: number) {
    super();
    this.#gate = gate;
    this.#credit = new SendCredit(initial);
    this.#timers = timers;
    this.#stallMs = stallMs;
  }

  get open(): boolean {
    return this.#credit.available > 0 && this.#gate.credit.available > 0 && !this.#gate.congested;
  }

  spend(cost: number): void {
    this.#credit.spend(cost);
    this.#gate.credit.spend(cost);
  }

  grant(bytes: number): void {
    this.#credit.grant(bytes);
    this.retry();
  }

  /**
   * Resolves when the window is open, or closed for good.
   * @throws RpcError DEADLINE_EXCEEDED if the peer takes nothing for the stall limit.
   */
  wait(): Promise<void> {
    return new Promise((resolve, reject) => this.await(resolve, reject));
  }

  /** As `wait`, with a call of one of the two. */
  await(proceed: () => void, refuse: (error: RpcError) => void): void {
    this.#proceed = proceed;
    this.#refuse = refuse;
    this.#gate.blocked.add(this);
    this.#timers.set(this, this.#timers.clock.now() + this.#stallMs);
  }

  /** Looks again, after something that it may have waited for. */
  retry(): void {
    if (this.#proceed !== undefined && this.open) this.#leave()?.();
  }

  /** Lets who waits go on, to find that there is no stream any more. */
  close(): void {
    this.#leave()?.();
  }

  override due(): void {
    const refuse = this.#refuse;
    this.#leave();
    const message = `the peer took no element for ${this.#stallMs} ms`;
    refuse?.(new RpcError({ code: "DEADLINE_EXCEEDED", message }));
  }

  #leave(): (() => void) | undefined {
    const proceed = this.#proceed;
    this.#proceed = undefined;
    this.#refuse = undefined;
    this.#gate.blocked.delete(this);
    this.#timers.clear(this);
    return proceed;
  }
}
