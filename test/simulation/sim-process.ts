/** A process of the simulated world: its clock and its chance, and how it is stopped, killed and gone. */
import type { Alarm, Clock } from "../../runtime/rpc/clock.js";
import type { EventOwner, EventQueue, SimEvent } from "./event-queue.js";
import type { SimRandom } from "./sim-random.js";

/** 2030-01-01, when every world begins. */
const EPOCH = Date.UTC(2030, 0, 1);

/** What the dead wait for. A promise of one's own each: one that all share would keep whatever ever waited for it, world and all. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

export class SimProcess implements EventOwner {
  readonly name: string;
  readonly random: SimRandom;
  readonly clock: Clock;
  readonly #queue: EventQueue;
  readonly #deferred: SimEvent[] = [];
  readonly #onDeath = new Set<() => void>();
  readonly #alarms = new Set<SimEvent>();
  #alive = true;
  #frozen = false;
  #frozenAt = 0;
  #frozenMs = 0;
  #wallOffset = 0;

  constructor(name: string, queue: EventQueue, random: SimRandom) {
    this.name = name;
    this.random = random;
    this.#queue = queue;
    const origin = random.int(0, 1_000_000);
    this.clock = {
      now: () => origin + queue.now,
      wall: () => EPOCH + queue.now + this.#wallOffset,
      schedule: (delayMs, run) => this.#schedule(delayMs, run),
    };
  }

  get alive(): boolean {
    return this.#alive;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** How long it was stopped in all. */
  get frozenMs(): number {
    return this.#frozenMs;
  }

  /** Alarms that wait: after everything is closed there must be none. */
  get pendingAlarms(): number {
    return this.#alarms.size;
  }

  /** The clock that people read goes wrong; the one that counts milliseconds never does. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** SIGSTOP, or a machine that swaps: nothing happens in it for a while, then everything at once. */
  freeze(ms: number): void {
    if (!this.#alive || this.#frozen) return;
    this.#frozen = true;
    this.#frozenAt = this.#queue.now;
    this.#queue.schedule(ms, () => this.thaw());
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#frozenMs += this.#queue.now - this.#frozenAt;
    for (const event of this.#deferred.splice(0)) this.#queue.schedule(0, () => event.run?.(), this);
  }

  /** SIGKILL: none of its code has any effect from here on. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const listener of [...this.#onDeath]) listener();
    this.#onDeath.clear();
    this.#alarms.clear();
  }

  onDeath(listener: () => void): () => void {
    this.#onDeath.add(listener);
    return () => this.#onDeath.delete(listener);
  }

  /** In a dead process it never resolves. */
  sleep(ms: number): Promise<void> {
    if (!this.#alive) return never();
    return new Promise((resolve) => this.#queue.schedule(ms, resolve, this));
  }

  /** Where code of this process that died must not go on. */
  whileAlive(): Promise<void> | undefined {
    return this.#alive ? undefined : never();
  }

  defer(event: SimEvent): void {
    this.#deferred.push(event);
  }

  #schedule(delayMs: number, run: () => void): Alarm {
    if (!this.#alive) return { cancel: () => {}, hold: () => {} };
    const event = this.#queue.schedule(
      delayMs,
      () => {
        this.#alarms.delete(event);
        run();
      },
      this,
    );
    this.#alarms.add(event);
    return {
      cancel: () => {
        event.run = undefined;
        this.#alarms.delete(event);
      },
      hold: () => {},
    };
  }
}
