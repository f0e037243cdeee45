/**
 * All timers of a channel or server behind one alarm: a binary heap in which adding a late one and removing any one is
 * cheap.
 */
import type { Alarm, Clock } from "./clock.js";

/**
 * Something with a time at which it wants to be told. It carries its own place in the heap, so that a call needs no
 * second object.
 */
export abstract class Timed {
  /** On the clock's scale. */
  dueAt = 0;
  /** -1: not waiting. The heap's own. */
  heapIndex = -1;
  /** Whether the process stays alive for it. */
  readonly holdsProcess: boolean = true;

  abstract due(): void;
}

export class Timers {
  readonly clock: Clock;
  readonly #heap: Timed[] = [];
  #holders = 0;
  #alarm: Alarm | undefined;
  #alarmAt = Infinity;
  #alarmHeld = true;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Replaces an earlier time of the same entry. */
  set(entry: Timed, dueAt: number): void {
    if (entry.heapIndex >= 0) this.clear(entry);
    entry.dueAt = dueAt;
    if (entry.holdsProcess) this.#holders += 1;
    this.#heap.push(entry);
    this.#rise(entry, this.#heap.length - 1);
    if (dueAt < this.#alarmAt) this.#arm(dueAt);
    this.#hold();
  }

  /** Does nothing if the entry is not waiting. */
  clear(entry: Timed): void {
    const index = entry.heapIndex;
    if (index < 0) return;
    entry.heapIndex = -1;
    if (entry.holdsProcess) this.#holders -= 1;
    const last = this.#heap.pop();
    if (last !== undefined && last !== entry) {
      this.#rise(last, index);
      this.#sink(last, last.heapIndex);
    }
    this.#hold();
  }

  /** Resolves after `delayMs`. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.set(new Timeout(resolve), this.clock.now() + delayMs));
  }

  /** Forgets every entry and lets go of the host's timer. */
  release(): void {
    for (const entry of this.#heap) entry.heapIndex = -1;
    this.#heap.length = 0;
    this.#holders = 0;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#alarmAt = Infinity;
  }

  #arm(at: number): void {
    this.#alarm?.cancel();
    this.#alarmAt = at;
    this.#alarmHeld = true;
    this.#alarm = this.clock.schedule(Math.max(0, at - this.clock.now()), this.#ring);
  }

  readonly #ring = (): void => {
    this.#alarm = undefined;
    this.#alarmAt = Infinity;
    const now = this.clock.now();
    for (let first = this.#heap[0]; first !== undefined && first.dueAt <= now; first = this.#heap[0]) {
      this.clear(first);
      first.due();
    }
    const next = this.#heap[0];
    if (next !== undefined && next.dueAt < this.#alarmAt) this.#arm(next.dueAt);
    this.#hold();
  };

  /**
   * The alarm outlives the entries that it was set for (setting it anew for each call would cost more than the call).
   */
  #hold(): void {
    const held = this.#holders > 0;
    if (held === this.#alarmHeld || this.#alarm === undefined) return;
    this.#alarmHeld = held;
    this.#alarm.hold(held);
  }

  #rise(entry: Timed, from: number): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.dueAt <= entry.dueAt) break;
      heap[index] = parent;
      parent.heapIndex = index;
      index = above;
    }
    heap[index] = entry;
    entry.heapIndex = index;
  }

  #sink(entry: Timed, from: number): void {
    const heap = this.#heap;
    let index = from;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      if (child === undefined) break;
      const other = heap[below + 1];
      if (other !== undefined && other.dueAt < child.dueAt) {
        below += 1;
        child = other;
      }
      if (child.dueAt >= entry.dueAt) break;
      heap[index] = child;
      child.heapIndex = index;
      index = below;
    }
    heap[index] = entry;
    entry.heapIndex = index;
  }
}

/** A timer that only runs something. */
export class Timeout extends Timed {
  override readonly holdsProcess: boolean;
  readonly #run: () => void;

  constructor(run: () => void, holdsProcess = true) {
    super();
    this.#run = run;
    this.holdsProcess = holdsProcess;
  }

  override due(): void {
    this.#run();
  }
}
