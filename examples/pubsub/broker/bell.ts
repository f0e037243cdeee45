/** Wakes those who wait for something to happen. */
import type { Clock } from "./clock.js";

export class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Resolves at the next ring, at `until`, or when the signal aborts: whoever waited looks again and sees for himself.
   */
  wait(clock: Clock, until: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || until <= clock.now()) return Promise.resolve();
    return new Promise((resolve) => {
      const callOff = Number.isFinite(until) ? clock.at(until, () => wake()) : undefined;
      const wake = (): void => {
        callOff?.();
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      signal.addEventListener("abort", wake);
      this.#waiting.add(wake);
    });
  }
}
