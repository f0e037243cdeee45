/** A link within a process: each end queues its frames in the other, which delivers them in a later turn. */
import type { Link, LinkReceiver, Peer } from "../transport.js";
import type { End } from "./registry.js";

/** A link is congested while more than this many bytes wait at the other end, until all of them are delivered. */
const CONGESTED_BYTES = 64 * 1024;

/** After so many rounds of delivery within the same turn of the event loop, timers and sockets get theirs: two ends that keep answering each other would lock them out. */
const ROUNDS_PER_TURN = 256;

/** Taken when the module is loaded, so that a test which replaces the timers later does not stop deliveries. */
const afterOthers: (run: () => void) => void =
  typeof setImmediate === "function" ? setImmediate : (run) => setTimeout(run, 0);

let rounds = 0;

/** Runs it after the code that is running, and now and then after what else is due. */
function soon(run: () => void): void {
  if (++rounds % ROUNDS_PER_TURN === 0) afterOthers(run);
  else queueMicrotask(run);
}

export class InProcessLink implements Link, End {
  readonly peer: Peer;
  readonly #maxFrameBytes: number;
  #other: End | undefined;
  #receiver: LinkReceiver | undefined;
  /** What the other end sent and this one has not delivered. */
  #inbox: Uint8Array[] = [];
  #inboxBytes = 0;
  #deliveryDue = false;
  #paused = false;
  #congested = false;
  /** The other end has closed: once the inbox is delivered, the link is over. */
  #finished = false;
  /** The end is certain, and reported as soon as there is a receiver. */
  #over = false;
  #cause: Error | undefined;

  constructor(peer: Peer, maxFrameBytes: number) {
    this.peer = peer;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Makes the two a pair; each end is told of the other. */
  join(other: End): void {
    this.#other = other;
  }

  get congested(): boolean {
    return this.#congested;
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    if (this.#over) this.#report();
    else this.#deliverSoon();
  }

  send(frame: Uint8Array): void {
    if (this.#over) return;
    if (frame.length === 0)
      this.abort(new Error(`${this.peer.address}: an empty frame was sent, which streams cannot carry`));
    else if ((this.#other?.push(frame) ?? 0) > CONGESTED_BYTES) this.#congested = true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliverSoon();
  }

  close(): void {
    if (this.#over) return;
    this.#end(undefined);
    this.#other?.finish();
  }

  abort(cause?: Error): void {
    if (this.#over) return;
    const why = cause ?? new Error(`${this.peer.address}: the link was aborted on this side`);
    this.#end(why);
    this.#other?.fail(new Error(`${this.peer.address}: the peer broke the connection off`, { cause: why }));
  }

  push(frame: Uint8Array): number {
    if (this.#over) return 0;
    if (frame.length > this.#maxFrameBytes) {
      this.abort(
        new Error(
          `${this.peer.address}: the peer sent a frame of ${frame.length} bytes, and the limit is ${this.#maxFrameBytes}`,
        ),
      );
      return 0;
    }
    this.#inbox.push(frame);
    this.#inboxBytes += frame.length;
    this.#deliverSoon();
    return this.#inboxBytes;
  }

  relieved(): void {
    if (!this.#congested || this.#over) return;
    this.#congested = false;
    this.#receiver?.drained();
  }

  finish(): void {
    this.#finished = true;
    this.#deliverSoon();
  }

  fail(cause: Error): void {
    this.#end(cause);
  }

  #deliverSoon(): void {
    if (this.#deliveryDue) return;
    this.#deliveryDue = true;
    soon(() => this.#deliver());
  }

  #deliver(): void {
    this.#deliveryDue = false;
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    const frames = this.#inbox;
    this.#inbox = [];
    let delivered = 0;
    for (const frame of frames) {
      if (this.#paused || this.#over) break;
      delivered++;
      this.#inboxBytes -= frame.length;
      receiver.frame(frame);
    }
    if (this.#over) return;
    if (delivered < frames.length) this.#inbox = [...frames.slice(delivered), ...this.#inbox];
    if (this.#inbox.length > 0 || this.#paused) return;
    if (this.#finished) this.#end(undefined);
    else this.#other?.relieved();
  }

  #end(cause: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#cause = cause;
    this.#inbox = [];
    if (this.#receiver !== undefined) this.#report();
  }

  /** Always later, so that no caller of a link's method is told of the end while it is still inside. */
  #report(): void {
    soon(() => this.#receiver?.closed(this.#cause));
  }
}
