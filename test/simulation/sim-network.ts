/** The network between simulated processes: who listens where, how long a frame takes, and what the weather does to it. */
import type { DialOptions, Link, Listening, ListenOptions, Transport } from "../../runtime/transport/transport.js";
import type { EventQueue } from "./event-queue.js";
import { SimEnd } from "./sim-link.js";
import type { SimProcess } from "./sim-process.js";
import type { SimRandom } from "./sim-random.js";

/** What becomes of one frame and its connection. */
export type Fate =
  | { readonly kind: "arrives" }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "twice" }
  /** It is lost, with all that is under way, and the connection with it: cut at the frame or in its middle. */
  | { readonly kind: "cut" }
  /** It arrives, and then the connection is cut: the answer is lost. */
  | { readonly kind: "cutBehind" }
  /** Its sender sees the connection end; the frame arrives late all the same, and the other end notices nothing till then. */
  | { readonly kind: "halfOpen"; readonly ms: number }
  /** From here on nothing passes in this direction until the weather clears. */
  | { readonly kind: "oneWay" }
  /** The sender's process dies instead of sending it. */
  | { readonly kind: "senderDies" };

export interface Weather {
  latencyMs(): number;
  fate(end: SimEnd, frame: Uint8Array): Fate;
  /** Why nobody can be reached at the address now; undefined if they can. */
  unreachable(address: string): string | undefined;
  /** How the other ends learn of a process that died. */
  deathIsSilent(process: SimProcess): boolean;
  /** Whether frames that were under way are lost with the connection. */
  losesWhatIsUnderWay(): boolean;
}

export interface FrameObserver {
  sent(end: SimEnd, frame: Uint8Array): void;
  arrived(end: SimEnd, frame: Uint8Array): void;
}

interface Listener {
  readonly process: SimProcess;
  readonly options: ListenOptions;
}

export class SimNetwork {
  readonly scheme: string;
  observer: FrameObserver | undefined;
  readonly #queue: EventQueue;
  readonly #weather: Weather;
  readonly #listeners = new Map<string, Listener>();
  readonly #ends: SimEnd[] = [];
  #connections = 0;

  constructor(scheme: string, queue: EventQueue, weather: Weather) {
    this.scheme = scheme;
    this.#queue = queue;
    this.#weather = weather;
  }

  get now(): number {
    return this.#queue.now;
  }

  latencyMs(): number {
    return this.#weather.latencyMs();
  }

  at(time: number, owner: SimProcess, run: () => void): void {
    this.#queue.scheduleAt(time, run, owner);
  }

  soon(owner: SimProcess, run: () => void): void {
    this.#queue.schedule(0, run, owner);
  }

  later(owner: SimProcess, run: () => void): void {
    this.#queue.schedule(this.latencyMs(), run, owner);
  }

  /** Ends that are open in processes that live. */
  get openEnds(): readonly SimEnd[] {
    return this.#ends.filter((end) => !end.over && end.process.alive);
  }

  transportOf(process: SimProcess): Transport {
    return {
      scheme: this.scheme,
      dial: (address, options) => this.#dial(process, address, options),
      listen: (address, options) => this.#listen(process, address, options),
    };
  }

  /** Does to a frame what the weather wants. */
  carry(end: SimEnd, frame: Uint8Array): void {
    this.observer?.sent(end, frame);
    const fate = this.#weather.fate(end, frame);
    switch (fate.kind) {
      case "arrives":
        return end.transmit(frame);
      case "late":
        return end.transmit(frame, fate.ms);
      case "twice":
        end.transmit(frame.slice());
        return end.transmit(frame);
      case "cut":
        return this.cut(end);
      case "cutBehind":
        end.transmit(frame);
        end.carry(() => this.cut(end));
        return;
      case "halfOpen":
        end.transmit(frame, fate.ms);
        end.carry(() => end.other.fail(new Error("the connection ended without a goodbye")), fate.ms);
        this.later(end.process, () => end.fail(new Error("the network went away")));
        return;
      case "oneWay":
        end.mute();
        return end.transmit(frame);
      case "senderDies":
        return end.process.kill();
    }
  }

  /** Both ends learn that the path broke, each in its own time. */
  cut(end: SimEnd): void {
    for (const side of [end, end.other]) {
      side.sever();
      this.later(side.process, () => side.fail(new Error("the path broke")));
    }
  }

  processDied(end: SimEnd): void {
    if (this.#weather.losesWhatIsUnderWay()) end.lose();
    if (this.#weather.deathIsSilent(end.process)) end.other.orphan();
    else end.carry(() => end.other.fail(new Error("the connection ended without a goodbye; the peer's process may have died")));
  }

  /** The weather clears: what was held arrives late or its connection is cut; what was orphaned is over. */
  heal(random: SimRandom): void {
    for (const end of this.#ends) {
      if (!end.process.alive) continue;
      if (end.muted) {
        if (end.over || random.chance(0.5)) end.unmute();
        else this.cut(end);
      }
      if (end.over) continue;
      if (!end.other.process.alive) this.later(end.process, () => end.fail(new Error("the peer is gone")));
    }
  }

  #dial(process: SimProcess, address: string, { signal, maxFrameBytes }: DialOptions): Promise<Link> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => reject(new Error(`${address}: the attempt to connect was given up`));
      if (signal.aborted) return aborted();
      signal.addEventListener("abort", aborted, { once: true });
      this.later(process, () => {
        const listener = this.#listeners.get(address);
        const why = this.#weather.unreachable(address);
        if (signal.aborted) return;
        if (listener === undefined || !listener.process.alive || why !== undefined) {
          return reject(new Error(`${address}: ${why ?? "connection refused"}`));
        }
        this.#connections += 1;
        const peer = (of: string): { transport: string; address: string } => ({ transport: this.scheme, address: of });
        const client = new SimEnd(this, process, this.#connections, "client", maxFrameBytes, peer(address));
        const server = new SimEnd(this, listener.process, this.#connections, "server", listener.options.maxFrameBytes, peer(process.name));
        client.join(server);
        server.join(client);
        this.#ends.push(client, server);
        this.later(listener.process, () => listener.options.accept(server));
        resolve(client);
      });
    });
  }

  async #listen(process: SimProcess, address: string, options: ListenOptions): Promise<Listening> {
    const there = this.#listeners.get(address);
    if (there?.process.alive === true) throw new Error(`${address}: in use`);
    const listener = { process, options };
    this.#listeners.set(address, listener);
    return {
      address,
      close: async () => {
        if (this.#listeners.get(address) === listener) this.#listeners.delete(address);
      },
    };
  }
}
