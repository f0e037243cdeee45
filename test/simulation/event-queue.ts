/** Simulated time: what is to happen, in the order in which it does, each thing with all that follows from it at once. */

/** Something that will happen, unless it is called off. */
export interface SimEvent {
  readonly at: number;
  /** Breaks ties: first planned, first run. */
  readonly order: number;
  run: (() => void) | undefined;
  /** Events of a process that is stopped wait until it goes on; those of a dead one never happen. */
  readonly owner: EventOwner | undefined;
}

export interface EventOwner {
  readonly alive: boolean;
  readonly frozen: boolean;
  defer(event: SimEvent): void;
}

/** Lets every promise that can settle do so: a turn of the event loop comes after all of them. */
function everythingThatFollows(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class EventQueue {
  #heap: SimEvent[] = [];
  #order = 0;
  #now = 0;
  #happened = 0;

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  get happened(): number {
    return this.#happened;
  }

  schedule(delayMs: number, run: () => void, owner?: EventOwner): SimEvent {
    return this.scheduleAt(this.#now + delayMs, run, owner);
  }

  scheduleAt(time: number, run: () => void, owner?: EventOwner): SimEvent {
    const event: SimEvent = { at: Math.max(this.#now, time), order: this.#order++, run, owner };
    this.#push(event);
    return event;
  }

  /** Runs what was planned up to then, and what follows of it. */
  async runUntil(end: number): Promise<void> {
    for (let event = this.#heap[0]; event !== undefined && event.at <= end; event = this.#heap[0]) {
      this.#pop();
      const { run, owner } = event;
      if (run === undefined || owner?.alive === false) continue;
      if (owner?.frozen === true) {
        owner.defer(event);
        continue;
      }
      this.#now = event.at;
      this.#happened += 1;
      run();
      await everythingThatFollows();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Runs in steps until the condition holds or the time is over; tells which. */
  async runWhile(condition: () => boolean, end: number, stepMs = 50): Promise<boolean> {
    while (condition()) {
      if (this.#now >= end) return false;
      await this.runUntil(Math.min(end, this.#now + stepMs));
    }
    return true;
  }

  #push(event: SimEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as SimEvent;
      if (isBefore(parent, event)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as SimEvent;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      if (child === undefined) break;
      const other = heap[below + 1];
      if (other !== undefined && isBefore(other, child)) {
        below += 1;
        child = other;
      }
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
