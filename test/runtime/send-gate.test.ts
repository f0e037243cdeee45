/** Streams that wait for the credit of their connection: they go on one after the other, none is forgotten, and none is woken in vain. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SendGate, SendWindow } from "../../runtime/rpc/protocol/flow-control.js";
import { Timers } from "../../runtime/rpc/timers.js";
import { ManualClock } from "./manual-clock.js";

const STALL_MS = 1_000;
const COST = 100;

/** A stream that always has an element to send. */
class Sender {
  woken = 0;
  sent = 0;
  failure: unknown;
  stopped = false;
  /** Woken, and not yet back at work. */
  due = false;
  readonly window: SendWindow;

  constructor(gate: SendGate, credit: number, timers: Timers) {
    this.window = new SendWindow(gate, credit, timers, STALL_MS);
  }

  /** Sends what it may, and waits. */
  work(): void {
    this.due = false;
    while (!this.stopped && this.window.open) {
      this.window.spend(COST);
      this.sent += 1;
    }
    if (this.stopped) return;
    this.window.await(
      () => {
        this.woken += 1;
        this.due = true;
      },
      (error) => (this.failure = error),
    );
  }
}

function senders(count: number, credit = Infinity) {
  const clock = new ManualClock();
  const link = { congested: false };
  const gate = new SendGate(link);
  const timers = new Timers(clock);
  const all = Array.from({ length: count }, () => new Sender(gate, credit, timers));
  /** Those that were woken go on, and whom they wake. */
  const settle = (): void => {
    for (let next = all.find(({ due }) => due); next !== undefined; next = all.find(({ due }) => due)) next.work();
  };
  return { clock, link, gate, all, settle };
}

describe("streams that wait for their connection", () => {
  it("are woken one by one, as far as the credit goes, in turn", () => {
    const { gate, all, settle } = senders(1_000);
    for (const sender of all) sender.work();
    for (let round = 1; round <= 3; round += 1) {
      for (let turn = 0; turn < 10; turn += 1) {
        gate.credit.grant(COST);
        gate.letPass();
        settle();
      }
      expect(all.map(({ woken }) => woken).filter((woken) => woken > 0)).toEqual(Array.from({ length: 10 * round }, () => 1));
      expect(all.slice(0, 10 * round).map(({ sent }) => sent)).toEqual(Array.from({ length: 10 * round }, () => 1));
    }
  });

  it("all go on in the end, whatever is granted, cut short, or left in between", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("grant" as const), bytes: fc.integer({ min: 0, max: 3 * COST }) }),
      fc.record({ kind: fc.constant("own" as const), of: fc.nat(4), bytes: fc.integer({ min: 0, max: 3 * COST }) }),
      fc.record({ kind: fc.constant("congested" as const), now: fc.boolean() }),
      fc.record({ kind: fc.constant("stop" as const), of: fc.nat(4), settled: fc.boolean() }),
      fc.record({ kind: fc.constant("work" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { gate, all, settle, link } = senders(5, COST);
        for (const sender of all) sender.work();
        for (const each of steps) {
          if (each.kind === "grant") {
            gate.credit.grant(each.bytes);
            gate.letPass();
          } else if (each.kind === "own") all[each.of]!.window.grant(each.bytes);
          else if (each.kind === "congested") {
            link.congested = each.now;
            gate.letPass();
          } else if (each.kind === "stop") {
            if (each.settled) settle();
            all[each.of]!.stopped = true;
            all[each.of]!.window.close();
          } else settle();
        }
        settle();
        link.congested = false;
        gate.credit.grant(1_000_000);
        gate.letPass();
        settle();
        for (const { stopped, window } of all) expect(stopped || !window.open).toBe(true);
      }),
    );
  });

  it("have time as long as others pass, and are ended when nobody does", async () => {
    const { clock, gate, all, settle } = senders(20);
    for (const sender of all) sender.work();
    for (let turn = 0; turn < 19; turn += 1) {
      gate.credit.grant(COST);
      gate.letPass();
      settle();
      await clock.pass(STALL_MS / 2);
    }
    expect(all.map(({ failure }) => failure).filter((failure) => failure !== undefined)).toEqual([]);
    await clock.pass(2 * STALL_MS);
    for (const { failure } of all) expect(failure).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });
});
