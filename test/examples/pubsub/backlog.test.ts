/** The backlog keeps the promises of a subscription: leases, redelivery, order, dead letters, seeks. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Backlog, type BacklogPolicy, type Lease } from "../../../examples/pubsub/broker/backlog.js";
import type { StoredMessage } from "../../../examples/pubsub/broker/stored-message.js";
import { ManualClock } from "./manual-clock.js";

const DAY_MS = 86_400_000;

function setUp(policy: Partial<BacklogPolicy> = {}) {
  const clock = new ManualClock();
  const defaults: BacklogPolicy = {
    ackDeadlineMs: 10_000,
    ordered: false,
    exactlyOnce: false,
    retainAcknowledged: false,
    retentionMs: 7 * DAY_MS,
  };
  const backlog = new Backlog(1, { ...defaults, ...policy }, clock);
  const message = (sequence: number, orderingKey = ""): StoredMessage => ({
    sequence,
    id: String(sequence),
    data: new Uint8Array(10),
    attributes: new Map(),
    orderingKey,
    publishedAt: clock.now(),
  });
  const add = (...sequences: number[]): void => sequences.forEach((sequence) => backlog.add(message(sequence)));
  return { clock, backlog, message, add };
}

const ids = (leases: readonly Lease[]): string[] => leases.map((lease) => lease.message.id);
const one = (leases: readonly Lease[]): Lease => {
  const [lease] = leases;
  if (lease === undefined || leases.length !== 1) throw new Error(`expected one lease, got ${leases.length}`);
  return lease;
};

describe("a lease", () => {
  it("keeps a message from others until it is acknowledged, and then for good", () => {
    const { clock, backlog, add } = setUp();
    add(1, 2);
    const first = one(backlog.lease({ messages: 1 }));
    expect(ids(backlog.lease({ messages: 9 }))).toEqual(["2"]);
    expect(backlog.acknowledge(first.ackId)).toBe("settled");
    clock.advance(60_000);
    expect(ids(backlog.lease({ messages: 9 }))).toEqual(["2"]);
  });

  it("ends at its deadline, and the message is delivered again as another attempt", () => {
    const { clock, backlog, add } = setUp();
    add(1);
    expect(one(backlog.lease({ messages: 1 })).attempt).toBe(1);
    clock.advance(9_999);
    expect(backlog.lease({ messages: 1 })).toEqual([]);
    clock.advance(1);
    expect(one(backlog.lease({ messages: 1 })).attempt).toBe(2);
  });

  it("lasts as long as its deadline is moved", () => {
    const { clock, backlog, add } = setUp();
    add(1);
    const lease = one(backlog.lease({ messages: 1 }));
    for (let second = 0; second < 60; second += 5) {
      clock.advance(5_000);
      expect(backlog.modifyDeadline(lease.ackId, 10_000)).toBe("settled");
    }
    expect(backlog.isOut(lease.ackId)).toBe(true);
  });

  it("is given back by a deadline of zero, once", () => {
    const { backlog, add } = setUp();
    add(1);
    const lease = one(backlog.lease({ messages: 1 }));
    backlog.modifyDeadline(lease.ackId, 0);
    expect(backlog.modifyDeadline(lease.ackId, 0)).toBe("expired");
    expect(one(backlog.lease({ messages: 1 })).attempt).toBe(2);
  });

  it("settles late, unless the message is out again or the subscription is exact", () => {
    for (const exactlyOnce of [false, true]) {
      const { clock, backlog, add } = setUp({ exactlyOnce });
      add(1, 2);
      const [first, second] = backlog.lease({ messages: 2 });
      if (first === undefined || second === undefined) throw new Error("expected two leases");
      clock.advance(10_000);
      expect(ids(backlog.lease({ messages: 1 }))).toEqual(["1"]);
      expect(backlog.acknowledge(first.ackId)).toBe("expired");
      expect(backlog.acknowledge(second.ackId)).toBe(exactlyOnce ? "expired" : "settled");
    }
  });

  it("stops at a number of bytes, which the last message may exceed", () => {
    const { backlog, add } = setUp();
    add(1, 2, 3);
    expect(ids(backlog.lease({ messages: 9, bytes: 15 }))).toEqual(["1", "2"]);
  });
});

describe("order", () => {
  it("holds a key back while one of its messages is out, and no other key", () => {
    const { backlog, message } = setUp({ ordered: true });
    backlog.add(message(1, "a"));
    backlog.add(message(2, "a"));
    backlog.add(message(3, "b"));
    backlog.add(message(4));
    const first = one(backlog.lease({ messages: 1 }));
    expect(ids(backlog.lease({ messages: 9 }))).toEqual(["3", "4"]);
    backlog.acknowledge(first.ackId);
    expect(ids(backlog.lease({ messages: 9 }))).toEqual(["2"]);
  });

  it("of a key survives any mix of acknowledgements, nacks and deadlines", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("lease" as const), messages: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constantFrom("ack" as const, "nack" as const), pick: fc.nat(20) }),
      fc.record({ kind: fc.constant("advance" as const), ms: fc.constantFrom(1, 5_000, 10_000) }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b"), { maxLength: 8 }),
        fc.array(step, { maxLength: 40 }),
        (keys, steps) => {
          const { clock, backlog, message } = setUp({ ordered: true });
          keys.forEach((key, index) => backlog.add(message(index + 1, key)));
          const out: Lease[] = [];
          const done = new Set<number>();
          for (const action of steps) {
            if (action.kind === "advance") clock.advance(action.ms);
            if (action.kind === "lease") {
              const leases = backlog.lease({ messages: action.messages });
              for (const { message: leased } of leases) {
                const earlier = keys.flatMap((key, index) =>
                  key === leased.orderingKey && index + 1 < leased.sequence ? [index + 1] : [],
                );
                const together = leases
                  .map((other) => other.message.sequence)
                  .filter((sequence) => sequence < leased.sequence);
                for (const sequence of earlier) expect(done.has(sequence) || together.includes(sequence)).toBe(true);
              }
              out.push(...leases);
            }
            const lease = "pick" in action ? out[action.pick] : undefined;
            if (lease === undefined) continue;
            if (action.kind === "nack") backlog.modifyDeadline(lease.ackId, 0);
            else if (backlog.acknowledge(lease.ackId) === "settled") done.add(lease.message.sequence);
          }
        },
      ),
    );
  });
});

describe("a message that keeps failing", () => {
  it("waits longer each time, up to the maximum", () => {
    const { clock, backlog, add } = setUp({ backoff: { minMs: 1_000, maxMs: 3_000 } });
    add(1);
    for (const pause of [1_000, 2_000, 3_000, 3_000]) {
      backlog.modifyDeadline(one(backlog.lease({ messages: 1 })).ackId, 0);
      clock.advance(pause - 1);
      expect(backlog.lease({ messages: 1 })).toEqual([]);
      clock.advance(1);
    }
  });

  it("becomes a dead letter after its last attempt, where there is a place for it", () => {
    for (const place of [true, false]) {
      const dead: string[] = [];
      const deliver = (message: StoredMessage): boolean => place && dead.push(message.id) > 0;
      const { clock, backlog, add } = setUp({ deadLetter: { maxAttempts: 5, deliver } });
      add(1);
      for (let attempt = 1; attempt <= 5; attempt++) {
        expect(one(backlog.lease({ messages: 1 })).attempt).toBe(attempt);
        clock.advance(10_000);
      }
      expect(backlog.lease({ messages: 1 })).toHaveLength(place ? 0 : 1);
      expect(dead).toEqual(place ? ["1"] : []);
    }
  });
});

describe("retention", () => {
  it("drops what is too old, acknowledged or not", () => {
    const { clock, backlog, add } = setUp({ retainAcknowledged: true });
    add(1);
    clock.advance(7 * DAY_MS - 1);
    expect(backlog.unacknowledged()).toHaveLength(1);
    clock.advance(1);
    expect(backlog.lease({ messages: 1 })).toEqual([]);
  });

  it("lets acknowledged messages come back in their order, with fresh leases", () => {
    const { backlog, add } = setUp({ retainAcknowledged: true });
    add(1, 2, 3);
    const leases = backlog.lease({ messages: 2 });
    for (const lease of leases) backlog.acknowledge(lease.ackId);
    backlog.restore([], (message) => message.sequence < 2);
    expect(leases.map((lease) => backlog.isOut(lease.ackId))).toEqual([false, false]);
    expect(ids(backlog.lease({ messages: 9 }))).toEqual(["2", "3"]);
  });
});

describe("who waits", () => {
  it("wakes when a message arrives, when a lease ends and when the signal aborts", async () => {
    const { clock, backlog, add } = setUp();
    const never = new AbortController().signal;
    const arrival = backlog.wait(Infinity, never);
    add(1);
    await arrival;
    backlog.lease({ messages: 1 });
    const expiry = backlog.wait(Infinity, never);
    clock.advance(10_000);
    await expiry;
    const leaving = new AbortController();
    const left = backlog.wait(Infinity, leaving.signal);
    leaving.abort();
    await left;
  });
});
