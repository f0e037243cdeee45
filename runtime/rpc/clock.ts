/** Time as the runtime sees it: the only place that asks the host for it, so that a simulation can stand in. */

/** Something that will run once, later. */
export interface Alarm {
  cancel(): void;
  /** Whether waiting for it keeps the process alive (at first it does). */
  hold(held: boolean): void;
}

export interface Clock {
  /** Milliseconds that only ever grow, from any origin. */
  now(): number;
  /** Milliseconds since 1970, for what people and other machines read. */
  wall(): number;
  /** Runs once after at least `delayMs`. */
  schedule(delayMs: number, run: () => void): Alarm;
}

/** Longer delays overflow the 31 bits that hosts keep them in; who waits longer looks again and waits on. */
export const LONGEST_DELAY_MS = 0x7fff_ffff;

interface HostTimer {
  ref?(): void;
  unref?(): void;
}

interface Host {
  readonly performance: { now(): number };
  setTimeout(run: () => void, delayMs: number): HostTimer | number;
  clearTimeout(timer: HostTimer | number): void;
}

const host = globalThis as unknown as Host;

export const systemClock: Clock = {
  now: () => host.performance.now(),
  wall: () => Date.now(),
  schedule(delayMs, run) {
    const timer = host.setTimeout(run, Math.min(Math.ceil(delayMs), LONGEST_DELAY_MS));
    return {
      cancel: () => host.clearTimeout(timer),
      hold(held) {
        if (typeof timer === "number") return;
        if (held) timer.ref?.();
        else timer.unref?.();
      },
    };
  },
};
