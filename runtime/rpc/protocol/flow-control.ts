/** Credit in bytes: a sender spends what its receiver granted, and the receiver grants anew as its reader reads. */
import { RpcError } from "../errors.js";
import { FrameError } from "../frame-reader.js";
import { MAX_CREDIT } from "../limits.js";
import { Timed, type Timers } from "../timers.js";

/** Charged for each element beside its bytes, so that a flood of empty ones is bounded too. */
const ELEMENT_COST = 64;

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

/**
 * What all streams of a connection share: its credit, and the link. Of those that wait one goes on when it opens, and each that has passed lets
 * the next: a peer that grants little by little wakes no more of them than it lets pass.
 */
export class SendGate {
  readonly credit = new SendCredit(0);
  readonly #link: { readonly congested: boolean };
  /** Those with credit of their own, in the order in which they came. */
  readonly waiting = new Set<SendWindow>();
  /** How many elements have passed. */
  passed = 0;

  constructor(link: { readonly congested: boolean }) {
    this.#link = link;
  }

  get open(): boolean {
    return this.credit.available > 0 && !this.#link.congested;
  }

  spend(cost: number): void {
    this.credit.spend(cost);
    this.passed += 1;
    this.letPass();
  }

  /** The next of those that wait goes on, if it is open. */
  letPass(): void {
    if (this.waiting.size === 0 || !this.open) return;
    const [first] = this.waiting;
    first?.retry();
  }
}

/** Where the elements of one stream wait until its own credit and the gate let them pass. */
export class SendWindow extends Timed {
  readonly #gate: SendGate;
  readonly #credit: SendCredit;
  readonly #timers: Timers;
  readonly #stallMs: number;
  #proceed: (() => void) | undefined;
  #refuse: ((error: RpcError) => void) | undefined;
  /** How many elements had passed the gate when it was last looked at. */
  #passed = 0;

  constructor(gate: SendGate, initial: number, timers: Timers, stallMs: number) {
    super();
    this.#gate = gate;
    this.#credit = new SendCredit(initial);
    this.#timers = timers;
    this.#stallMs = stallMs;
  }

  get open(): boolean {
    return this.#credit.available > 0 && this.#gate.open;
  }

  spend(cost: number): void {
    this.#credit.spend(cost);
    this.#gate.spend(cost);
  }

  grant(bytes: number): void {
    this.#credit.grant(bytes);
    if (this.#proceed !== undefined) this.retry();
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
    this.#beginPatience();
    this.retry();
  }

  /** Looks again, after something that it may have waited for. */
  retry(): void {
    if (this.open) this.#leave()?.();
    else if (this.#credit.available > 0) this.#gate.waiting.add(this);
  }

  /** Lets who waits go on, to find that there is no stream any more. */
  close(): void {
    this.#leave()?.();
    // It may have been let go on, and passes no more.
    this.#gate.letPass();
  }

  override due(): void {
    // Others passed meanwhile: its turn has not come.
    if (this.#credit.available > 0 && this.#gate.passed !== this.#passed) return this.#beginPatience();
    const refuse = this.#refuse;
    this.#leave();
    const message = `the peer took no element for ${this.#stallMs} ms`;
    refuse?.(new RpcError({ code: "DEADLINE_EXCEEDED", message }));
  }

  #beginPatience(): void {
    this.#passed = this.#gate.passed;
    this.#timers.set(this, this.#timers.clock.now() + this.#stallMs);
  }

  #leave(): (() => void) | undefined {
    const proceed = this.#proceed;
    this.#proceed = undefined;
    this.#refuse = undefined;
    this.#gate.waiting.delete(this);
    this.#timers.clear(this);
    return proceed;
  }
}
