/** The time, handed in so that a test can pass ten minutes in no time. All times are milliseconds since the epoch. */

export interface Clock {
  now(): number;
  /** Calls back once, at that time or as soon as may be. Returns a function that calls it off. */
  at(time: number, callback: () => void): () => void;
}

/** What `setTimeout` takes at most; a later time is reached in steps. */
const LONGEST_TIMER_MS = 0x7fffffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const left = time - Date.now();
      timer = left > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(callback, Math.max(0, left));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
