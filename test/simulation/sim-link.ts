/** One end of a simulated connection: frames in order, until the weather, a crash or an end of its own stops them. */
import type { Link, LinkReceiver, Peer } from "../../runtime/transport/transport.js";
import type { SimNetwork } from "./sim-network.js";
import type { SimProcess } from "./sim-process.js";

/** As in the transports that ship. */
const CONGESTED_BYTES = 64 * 1024;

export class SimEnd implements Link {
  readonly peer: Peer;
  readonly process: SimProcess;
  /** Of the connection; the same on both ends. */
  readonly id: number;
  readonly side: "client" | "server";
  readonly #network: SimNetwork;
  readonly #maxFrameBytes: number;
  readonly #forgetDeath: () => void;
  #other: SimEnd | undefined;
  #receiver: LinkReceiver | undefined;
  readonly inPieces = true;
  #state: "open" | "closing" | "over" = "open";
  #cause: Error | undefined;
  #paused = false;
  /** Arrived and not yet delivered: paused, or nobody listens yet. */
  #inbox: (() => void)[] = [];
  #lastArrival = 0;
  /** What waits for a direction that is cut off; undefined while it is not. */
  #held: (() => void)[] | undefined;
  /** What is under way from here arrives only while this stays as it was. */
  #generation = 0;
  #severed = false;
  #inFlightBytes = 0;
  #congested = false;
  /** The machine at the other end is gone without a word: the next frame is answered by a reset. */
  #orphaned = false;

  constructor(network: SimNetwork, process: SimProcess, id: number, side: "client" | "server", maxFrameBytes: number, peer: Peer) {
    this.#network = network;
    this.process = process;
    this.id = id;
    this.side = side;
    this.#maxFrameBytes = maxFrameBytes;
    this.peer = peer;
    this.#forgetDeath = process.onDeath(() => this.#died());
  }

  join(other: SimEnd): void {
    this.#other = other;
  }

  get other(): SimEnd {
    return this.#other as SimEnd;
  }

  get over(): boolean {
    return this.#state === "over";
  }

  get congested(): boolean {
    return this.#congested;
  }

  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    if (this.#state === "over") this.#report();
    else this.#network.soon(this.process, () => this.#deliver());
  }

  send(frame: Uint8Array): void {
    if (this.#state !== "open" || !this.process.alive) return;
    if (frame.length === 0) return this.abort(new Error("an empty frame was sent"));
    const copy = frame.slice();
    this.#inFlightBytes += copy.length;
    if (this.#inFlightBytes > CONGESTED_BYTES) this.#congested = true;
    if (this.#orphaned) return this.#network.later(this.process, () => this.fail(new Error("the peer's host knows nothing of the connection")));
    this.#network.carry(this, copy);
  }

  /** Plans a frame's arrival behind all that were sent before. */
  transmit(frame: Uint8Array, extraMs = 0): void {
    if (this.#severed) return;
    this.carry(() => {
      this.#inFlightBytes -= frame.length;
      this.#relieve();
      this.other.#arrive(frame);
    }, extraMs);
  }

  carry(action: () => void, extraMs = 0): void {
    if (this.#held !== undefined) return void this.#held.push(action);
    const generation = this.#generation;
    const at = Math.max(this.#lastArrival, this.#network.now + this.#network.latencyMs() + extraMs);
    this.#lastArrival = at;
    this.#network.at(at, this.other.process, () => {
      if (generation === this.#generation) action();
    });
  }

  /** From here on nothing that this end sends arrives, until `unmute`. */
  mute(): void {
    this.#held ??= [];
  }

  get muted(): boolean {
    return this.#held !== undefined;
  }

  /** What waited arrives after all: late duplicates of calls that were made again elsewhere. */
  unmute(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const action of held) this.carry(action);
  }

  /** What is under way from here is lost. */
  lose(): void {
    this.#generation += 1;
    if (this.#held !== undefined) this.#held = [];
  }

  /** So is everything that is sent until this end learns that the path broke. */
  sever(): void {
    this.lose();
    this.#severed = true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#network.soon(this.process, () => this.#deliver());
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.carry(() => this.other.#inbound(() => this.other.#peerClosed()));
  }

  abort(cause?: Error): void {
    if (this.#state === "over" || !this.process.alive) return;
    this.fail(cause ?? new Error("the link was aborted on this side"));
    this.carry(() => this.other.fail(new Error("the peer broke the connection off")));
  }

  /** The path broke, as this end sees it. */
  fail(cause: Error | undefined): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#cause = cause;
    this.#inbox = [];
    this.#forgetDeath();
    if (this.#receiver !== undefined) this.#report();
  }

  #died(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#network.processDied(this);
  }

  /** As if the other end's machine had lost power. */
  orphan(): void {
    this.#orphaned = true;
  }

  #arrive(frame: Uint8Array): void {
    if (this.#state !== "open") return;
    if (frame.length > this.#maxFrameBytes) return this.abort(new Error(`a frame of ${frame.length} bytes is too long`));
    this.#inbound(() => {
      if (this.#state !== "open") return;
      this.#network.observer?.arrived(this, frame);
      this.#receiver?.frame(frame);
      // Whoever kept a view of the frame beyond the call reads this.
      frame.fill(0xee);
    });
  }

  #inbound(action: () => void): void {
    this.#inbox.push(action);
    this.#deliver();
  }

  #deliver(): void {
    while (this.#receiver !== undefined && !this.#paused && this.#state !== "over") {
      const action = this.#inbox.shift();
      if (action === undefined) return;
      action();
    }
  }

  #peerClosed(): void {
    if (this.#state === "over") return;
    this.fail(undefined);
    this.carry(() => this.other.fail(undefined));
  }

  #relieve(): void {
    if (!this.#congested || this.#inFlightBytes > 0 || this.#state !== "open") return;
    this.#congested = false;
    this.#network.soon(this.process, () => this.#receiver?.drained());
  }

  #report(): void {
    this.#network.soon(this.process, () => this.#receiver?.closed(this.#cause));
  }
}
