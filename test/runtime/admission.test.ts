/** Load shedding: the queue holds a tenth of a second of work, and nothing begins behind its deadline. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { RANKS } from "../../runtime/rpc/criticality.js";
import { Admission, type Candidate } from "../../runtime/rpc/server/admission.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { failureOf, methods, pair } from "./test-service.js";

class Place implements Candidate {
  readonly rank: number;
  admittedAt: boolean | undefined;
  isDisplaced = false;
  previous: Candidate | undefined;
  next: Candidate | undefined;

  constructor(rank = 1) {
    this.rank = rank;
  }

  admitted(waited: boolean): void {
    this.admittedAt = waited;
  }

  displaced(): void {
    this.isDisplaced = true;
  }
}

function fill(admission: Admission): number {
  let entered = 0;
  while (entered < 5_000 && admission.enter(new Place())) entered += 1;
  return entered;
}

it("bounds the queue by the rate at which the server works", async () => {
  const clock = new ManualClock();
  const admission = new Admission({ maxRunning: 10, maxQueued: 1_000 }, clock);
  // Nothing is known yet: only the count bounds it.
  expect(fill(admission)).toBe(1_010);
  // 300 a second are 30 in the time that a call may wait.
  await clock.pass(1_000);
  for (let n = 0; n < 300; n += 1) admission.leave();
  expect(admission.enter(new Place())).toBe(false);
  for (let n = 0; n < 680; n += 1) admission.leave();
  expect(fill(admission)).toBe(10);
  // A server that stands still keeps sixteen.
  await clock.pass(1_000);
  for (let n = 0; n < 30; n += 1) admission.leave();
  expect(fill(admission)).toBe(30);
});

it("tells who waited", () => {
  const admission = new Admission({ maxRunning: 1, maxQueued: 5 }, new ManualClock());
  const [first, second] = [new Place(), new Place()];
  admission.enter(first);
  admission.enter(second);
  expect([first.admittedAt, second.admittedAt]).toEqual([false, undefined]);
  admission.leave();
  expect(second.admittedAt).toBe(true);
});

it("lets those in first, and gives way last, that are needed most", () => {
  const ranks = fc.array(fc.integer({ min: 0, max: RANKS - 1 }), { maxLength: 60 });
  fc.assert(
    fc.property(ranks, fc.integer({ min: 0, max: 12 }), (arrivals, maxQueued) => {
      const admission = new Admission({ maxRunning: 1, maxQueued }, new ManualClock());
      admission.enter(new Place());
      const places = arrivals.map((rank) => new Place(rank));
      const refused = places.filter((place) => !admission.enter(place));
      const displaced = places.filter(({ isDisplaced }) => isDisplaced);
      const order: Place[] = [];
      for (let left = 0; left <= places.length; left += 1) {
        admission.leave();
        order.push(...places.filter((place) => place.admittedAt === true && !order.includes(place)));
      }
      // Each is let in, or refused, or displaced; and who is let in is needed no less than anyone who is not.
      expect(new Set([...order, ...refused, ...displaced]).size).toBe(places.length);
      expect(order).toHaveLength(Math.min(maxQueued, places.length));
      const lowest = Math.max(...order.map(({ rank }) => rank));
      for (const { rank } of [...refused, ...displaced]) expect(rank).toBeGreaterThanOrEqual(lowest);
      // By class, and within it as they came.
      expect(order).toEqual(order.toSorted((a, b) => a.rank - b.rank || places.indexOf(a) - places.indexOf(b)));
    }),
  );
});

it("lets in a long queue of those that are done at once", async () => {
  const clock = new ManualClock();
  const release = deferred();
  await using it = await pair({
    handlers: { put: () => release.promise, echo: (value) => value },
    client: { clock },
    server: { clock, limits: { maxRunning: 1, maxQueued: 9_000 } },
  });
  const first = it.channel.unary(methods.put, 0);
  await settle();
  const others = Array.from({ length: 8_000 }, (_, n) => it.channel.unary(methods.echo, n));
  await settle();
  release.resolve();
  await first;
  expect(await Promise.all(others)).toEqual(others.map((_, n) => n));
});

it("lets in a queue whose time is over by one after the other", () => {
  const admission = new Admission({ maxRunning: 1, maxQueued: 50_000 }, new ManualClock());
  let admitted = 0;
  const late = (): Candidate => ({ rank: 1, previous: undefined, next: undefined, displaced: () => {}, admitted: () => {
    admitted += 1;
    admission.leave();
  } });
  admission.enter(new Place());
  for (let n = 0; n < 50_000; n += 1) admission.enter(late());
  admission.leave();
  expect(admitted).toBe(50_000);
  const next = new Place();
  admission.enter(next);
  expect(next.admittedAt).toBe(false);
});

it("drops what has expired before it could begin, not executed, even before its timer rings", async () => {
  const clock = new ManualClock();
  let ran = 0;
  const release = deferred();
  await using it = await pair({
    handlers: { put: () => release.promise, once: () => (ran += 1) },
    client: { clock },
    server: { clock, limits: { maxRunning: 1 } },
  });
  const first = it.channel.unary(methods.put, 1, { timeoutMs: 60_000 });
  await settle();
  const late = failureOf(it.channel.unary(methods.once, 2, { timeoutMs: 100 }));
  await settle();
  await clock.pass(100);
  release.resolve();
  await first;
  expect(await late).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  expect(ran).toBe(0);
});
