/** A clock that stands still until a test moves it. */
import type { Clock } from "../../../examples/pubsub/broker/clock.js";

export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #alarms = new Set<{ readonly time: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): () => void {
    const alarm = { time, callback };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const alarm of [...this.#alarms].sort((a, b) => a.time - b.time)) {
      if (alarm.time <= this.#now && this.#alarms.delete(alarm)) alarm.callback();
    }
  }
}
