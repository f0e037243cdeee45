/** How a deliverer goes about its entries, over an outbox of one entry that notes what is asked of it. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Deliver, type DelivererOptions, deliverOutbox, type Outbox, type OutboxEntry } from "../../runtime/store/outbox/index.js";

interface Asked {
  readonly delays: number[];
  readonly removed: OutboxEntry[];
}

/** Has one entry, which was tried so often before. */
function outboxOf(attempt: number): Outbox<never> & Asked {
  const entries: OutboxEntry[] = [{ id: "00000000-0000-7000-8000-000000000000", key: "a", payload: new Uint8Array(), attempt }];
  const delays: number[] = [];
  const removed: OutboxEntry[] = [];
  return {
    delays,
    removed,
    enqueue: () => expect.fail("nobody enqueues"),
    claim: async () => entries.splice(0),
    remove: async (entry) => void removed.push(entry),
    putOff: async (_entry, delayMs) => void delays.push(delayMs),
  };
}

async function delivered(attempt: number, deliver: Deliver, options: DelivererOptions = {}): Promise<Asked> {
  const outbox = outboxOf(attempt);
  const deliverer = deliverOutbox(outbox, deliver, options);
  // Its first look finds the entry; closing waits for the delivery.
  await deliverer.close();
  return outbox;
}

describe("a deliverer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("puts a first failure off for the base delay at most and its half at least, then for twice as long each time, up to the limit", async () => {
    const delay = fc.integer({ min: 1, max: 10_000 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), delay, delay, async (attempt, baseDelayMs, maxDelayMs) => {
        const fails = (): Promise<void> => Promise.reject(new Error("no"));
        const { delays } = await delivered(attempt, fails, { baseDelayMs, maxDelayMs, onError: () => {} });
        const most = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
        expect(delays).toHaveLength(1);
        expect(delays[0]).toBeLessThanOrEqual(most);
        expect(delays[0]).toBeGreaterThanOrEqual(most / 2);
      }),
      { numRuns: 60 },
    );
  });

  test("lets a delivery be once it is done: its signal does not abort later, and nothing holds the process", async () => {
    let given: AbortSignal | undefined;
    const { removed } = await delivered(1, async (_entry, signal) => void (given = signal), { timeoutMs: 1_000 });
    expect(removed).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(given?.aborted).toBe(false);
  });
});
