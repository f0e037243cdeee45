/** The faults of a world while it has them: asked by the network for each frame, by handlers and the store at their points. */
import { Kind, KIND_MASK } from "../../runtime/rpc/protocol/frame.js";
import type { SimEnd } from "./sim-link.js";
import type { Fate, Weather } from "./sim-network.js";
import type { CrashPoint, Faults, SimOptions } from "./sim-options.js";
import { never, type SimProcess } from "./sim-process.js";
import type { SimRandom } from "./sim-random.js";

/** An element of a stream that comes twice breaks the transport's contract, and nobody can tell it from two. */
function isWholeCall(kind: number): boolean {
  return kind === Kind.CALL || kind === Kind.REPLY || kind === Kind.ERROR;
}

const ARRIVES: Fate = { kind: "arrives" };

export class SimWeather implements Weather {
  readonly #options: SimOptions;
  readonly #random: SimRandom;
  readonly #log: (text: string) => void;
  readonly #unreachable = new Set<string>();
  /** The store answers nobody. */
  storeIsDown = false;
  #fair = false;
  /** Processes that died at a point, or otherwise by a fault. */
  crashes = 0;

  constructor(options: SimOptions, random: SimRandom, log: (text: string) => void) {
    this.#options = options;
    this.#random = random;
    this.#log = log;
  }

  /** No fault from here on. */
  clear(): void {
    this.#fair = true;
    this.#unreachable.clear();
    this.storeIsDown = false;
  }

  has(fault: keyof Faults): boolean {
    return !this.#fair && this.#random.chance(this.#options.faults[fault]);
  }

  latencyMs(): number {
    return this.#options.latencyMs * (0.5 + this.#random.fraction());
  }

  fate(end: SimEnd, frame: Uint8Array): Fate {
    if (this.#fair) return ARRIVES;
    const { faults } = this.#options;
    const random = this.#random;
    const kind = (frame[0] ?? 0) & KIND_MASK;
    if (end.side === "server" && kind === Kind.REPLY) {
      // Half a reply is no frame: here it is as none. Real sockets show the difference (test/chaos).
      if (this.#dies(end.process, "before reply") || this.#dies(end.process, "half reply")) return { kind: "senderDies" };
    }
    const roll = random.fraction();
    let edge = 0;
    const falls = (probability: number): boolean => roll < (edge += probability);
    if (falls(faults.cut)) return this.#said("cut", end, { kind: "cut" });
    if (falls(faults.cutBehind)) return this.#said("cutBehind", end, { kind: "cutBehind" });
    if (falls(faults.halfOpen)) return this.#said("halfOpen", end, { kind: "halfOpen", ms: random.skewed(1, 3_000) });
    if (falls(faults.oneWay)) return this.#said("oneWay", end, { kind: "oneWay" });
    if (falls(faults.late)) return this.#said("late", end, { kind: "late", ms: random.skewed(5, 2_000) });
    if (isWholeCall(kind) && falls(faults.twice)) return this.#said("twice", end, { kind: "twice" });
    return ARRIVES;
  }

  unreachable(address: string): string | undefined {
    return this.#unreachable.has(address) ? "no route to host" : undefined;
  }

  setReachable(address: string, reachable: boolean): void {
    if (reachable) this.#unreachable.delete(address);
    else this.#unreachable.add(address);
  }

  deathIsSilent(): boolean {
    return this.#options.silentDeath && this.#random.chance(0.5);
  }

  losesWhatIsUnderWay(): boolean {
    return this.#random.chance(0.5);
  }

  /** A point that a process may die at. In a dead process the promise never resolves: code of the dead does nothing. */
  point(process: SimProcess, point: CrashPoint): Promise<void> | undefined {
    if (this.#dies(process, point)) process.kill();
    return process.alive ? undefined : never();
  }

  #dies(process: SimProcess, point: CrashPoint): boolean {
    if (this.#fair || !process.alive) return false;
    const dies = this.#random.chance(this.#options.crashPoints[point] ?? 0);
    if (!dies) return false;
    this.crashes += 1;
    this.#log(`${process.name} dies ${point}`);
    return true;
  }

  #said(what: string, end: SimEnd, fate: Fate): Fate {
    this.#log(`${what} on connection ${end.id} from the ${end.side}`);
    return fate;
  }
}
