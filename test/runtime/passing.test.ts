/** What is under way of a long frame on a path as quick as memory, while small frames pass it and while none does; in virtual time. */
import { expect, it } from "vitest";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { Kind } from "../../runtime/rpc/protocol/frame.js";
import { Outbox } from "../../runtime/rpc/protocol/outbox.js";
import { Timers } from "../../runtime/rpc/timers.js";
import type { Link } from "../../runtime/transport/transport.js";
import { ManualClock } from "./manual-clock.js";

/** Bytes a millisecond, and milliseconds of the way there and back. */
const RATE = 3e6;
const TRIP_MS = 0.05;
const BULK = 1;
const SMALL = 2;

/** The most that is under way behind the first half of 64 MiB, in bytes. @param beside is called at each turn. */
function mostUnderWay(beside: (outbox: Outbox, turn: number) => void): number {
  const clock = new ManualClock();
  /** Pieces that have not been acknowledged: how long, and when they will be. */
  const underWay: { readonly bytes: number; readonly heardAt: number }[] = [];
  let freeAt = clock.now();
  let left = 0;
  const carry = (bytes: number): void => {
    freeAt = Math.max(freeAt, clock.now()) + bytes / RATE;
    underWay.push({ bytes, heardAt: freeAt + TRIP_MS });
    left += bytes;
  };
  const link: Link = {
    peer: { transport: "test", address: "test:" },
    inPieces: true,
    congested: false,
    open() {},
    send: () => {},
    sendInParts: (_head, body) => carry(body.length),
    pause() {},
    resume() {},
    close() {},
    abort() {},
  };
  const limits = { ...DEFAULT_LIMITS, maxMessageBytes: 128 << 20 };
  const outbox = new Outbox({ link, limits, timers: new Timers(clock), budget: undefined, pausesForPeer: () => false, stalled() {}, emptied() {} }, new FrameWriter());
  outbox.sendInParts(Uint8Array.of(Kind.CALL, BULK), new Uint8Array(64 << 20), BULK);
  let most = 0;
  for (let turn = 0; underWay[0] !== undefined; turn++) {
    clock.jump(Math.max(0, underWay[0].heardAt - clock.now()));
    underWay.shift();
    outbox.taken(1);
    beside(outbox, turn);
    if (left > 32 << 20) most = Math.max(most, underWay.reduce((sum, { bytes }) => sum + bytes, 0));
  }
  expect(left).toBe(64 << 20);
  return most;
}

const small = (outbox: Outbox): void => outbox.send(Uint8Array.of(Kind.CALL, SMALL), SMALL);

it("is less while others pass than what keeps the memory busy", () => {
  expect(mostUnderWay(small)).toBeLessThan(200 << 10);
});

it("is less for a while behind the last of them", () => {
  expect(mostUnderWay((outbox, turn) => turn === 5 && small(outbox))).toBeLessThan(200 << 10);
});

it("is what the path takes when nobody passes", () => {
  expect(mostUnderWay(() => {})).toBeGreaterThan(230 << 10);
});

it("is not less for what the session itself answers", () => {
  expect(mostUnderWay((outbox) => outbox.answer(Uint8Array.of(Kind.PONG, 1)))).toBeGreaterThan(230 << 10);
});
