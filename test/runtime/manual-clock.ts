/** A clock that goes only when it is told to. */
import type { Clock } from "../../runtime/rpc/clock.js";

export class ManualClock implements Clock {
  #now = 1_000;
  readonly #alarms = new Set<{ readonly at: number; readonly run: () => void; held: boolean }>();

  now(): number {
    return this.#now;
  }

  wall(): number {
    return Date.UTC(2030, 0, 1) + this.#now;
  }

  schedule(delayMs: number, run: () => void): { cancel(): void; hold(held: boolean): void } {
    const alarm = { at: this.#now + delayMs, run, held: true };
    this.#alarms.add(alarm);
    return { cancel: () => void this.#alarms.delete(alarm), hold: (held) => void (alarm.held = held) };
  }

  /** A process that was stopped goes on: time has passed, and no alarm has rung yet. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Alarms that wait. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Whether one of them would keep a process from its end. */
  get holdsProcess(): boolean {
    return [...this.#alarms].some(({ held }) => held);
  }

  /** Lets time pass in steps, with everything that is due in each, and what follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = [...this.#alarms].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
    await settle();
  }
}

/** Until everything that follows without the clock has happened: links deliver by setImmediate. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settled) => (resolve = settled));
  return { promise, resolve };
}
