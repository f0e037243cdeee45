/** How long who waits at a ring looks before it sleeps, and to whom it leaves the processor meanwhile. */
import { describe, expect, it } from "vitest";
import { RingPoller, type Pollable } from "../../runtime/transport/links/ring-poller.js";

/** One to look at, with a system around it that says where both sides run. */
function waiting(options: { readonly peer?: number; readonly onRest?: () => void } = {}) {
  const seen = { looks: 0, moved: 0, rests: 0, sleeps: 0, processors: new Set<number>() };
  let work = 0;
  let vain = 0;
  let asleep = (): void => {};
  const polled: Pollable = {
    poll() {
      seen.looks += 1;
      if (work === 0) return false;
      vain -= 1;
      if (vain >= 0) return false;
      work -= 1;
      seen.moved += 1;
      return true;
    },
    sleep() {
      seen.sleeps += 1;
      asleep();
      return true;
    },
    shares(processor) {
      seen.processors.add(processor);
      return processor === options.peer;
    },
  };
  const poller = new RingPoller({
    processor: () => 3,
    rest() {
      seen.rests += 1;
      options.onRest?.();
    },
  });
  poller.add(polled);
  return {
    seen,
    poller,
    polled,
    /** Wakes it, and comes back when it sleeps again. */
    async wait(rung = false): Promise<void> {
      const slept = new Promise<void>((resolve) => (asleep = resolve));
      poller.wake(polled, rung);
      await slept;
    },
    /** So many pieces, after so many looks in vain. */
    bring(pieces: number, looks = 0): void {
      work = pieces;
      vain = looks;
    },
  };
}

function busy(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

describe("who waits at a ring", () => {
  it("tells where it runs, and keeps the processor from nobody if the other side runs elsewhere", async () => {
    const { seen, wait } = waiting({ peer: 2 });
    await wait();
    expect(seen).toMatchObject({ rests: 0, sleeps: 1, processors: new Set([3]) });
  });

  it("leaves the processor to the other side between two looks, if that runs on it", async () => {
    const { seen, wait } = waiting({ peer: 3 });
    await wait();
    expect(seen.rests).toBeGreaterThan(0);
    expect(seen.looks).toBeGreaterThan(seen.rests);
  });

  it("sleeps at once for a while where others took the processor for long more than once", async () => {
    const { seen, wait } = waiting({ peer: 3, onRest: () => busy(1) });
    for (let n = 1; n <= 2; n += 1) {
      await wait();
      expect(seen.rests).toBe(n);
    }
    const rested = performance.now();
    await wait();
    // A machine that took too long to come here has shown nothing.
    if (performance.now() - rested < 50) expect(seen.rests).toBe(2);
  });

  it("looks for a shorter time each time that it was in vain, down to one look", async () => {
    const { seen, wait } = waiting();
    for (let n = 0; n < 10; n += 1) await wait();
    const { looks } = seen;
    await wait();
    expect(seen.looks).toBe(looks + 1);
  });

  it("goes on to look for answers that come, and not for more behind them that does not", async () => {
    const { seen, wait, bring } = waiting();
    let before = 0;
    for (let n = 0; n < 10; n += 1) {
      before = seen.looks;
      // At the second look: who has no patience left sleeps after the first.
      bring(1, 1);
      await wait();
      expect(seen.moved).toBe(n + 1);
    }
    expect(seen.looks).toBe(before + 3);
  });

  it("looks longer again when what it slept for came soon", async () => {
    const { seen, wait } = waiting();
    for (let n = 0; n < 10; n += 1) await wait();
    const slept = performance.now();
    const { looks } = seen;
    await wait(true);
    if (performance.now() - slept < 0.25) expect(seen.looks).toBeGreaterThan(looks + 1);
  });

  it("lets timers and sockets have their turn while there is always something", async () => {
    const { poller, polled, bring } = waiting();
    bring(Infinity);
    poller.wake(polled, false);
    await new Promise((resolve) => setTimeout(resolve, 5));
    poller.remove(polled);
  });

  it("is forgotten when its link is over", async () => {
    const { seen, poller, polled } = waiting();
    poller.wake(polled, false);
    poller.remove(polled);
    await new Promise(setImmediate);
    poller.wake(polled, true);
    await new Promise(setImmediate);
    expect(seen).toMatchObject({ looks: 0, sleeps: 0 });
  });
});
