/** Bulk on a path of any rate and length, in virtual time: the path is kept busy, and whoever comes between does not wait for long. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { PieceWindow } from "../../runtime/rpc/protocol/piece-window.js";
import { ManualClock } from "./manual-clock.js";

interface Path {
  /** Bytes a millisecond, as time goes on. */
  readonly rate: (atMs: number) => number;
  /** Of the way there and back without a queue. */
  readonly tripMs: (atMs: number) => number;
  /** So long, of each four times of it, the peer says nothing, and then everything at once. */
  readonly silentMs: number;
  /** Whether others pass all the while. */
  readonly company?: boolean;
}

const SHORTEST = 4 << 10;
const LONGEST = 64 << 10;

/** What bulk did from `fromMs` to `toMs`: its share of the path's rate, and how long others would have waited at most, but for one in a hundred. */
function bulk({ rate, tripMs, silentMs, company = false }: Path, fromMs: number, toMs: number): { readonly share: number; readonly waitMs: number } {
  const clock = new ManualClock();
  const begin = clock.now();
  const window = new PieceWindow(clock, LONGEST);
  const words: number[] = [];
  let heard = 0;
  const waits: number[] = [];
  let freeAt = begin;
  let carried = 0;
  let possible = 0;
  for (;;) {
    const now = clock.now();
    const counts = now - begin >= fromMs;
    if (company) window.passed();
    while (window.open) {
      const bytes = window.pieceBytes;
      expect(bytes).toBeGreaterThanOrEqual(SHORTEST);
      expect(bytes).toBeLessThanOrEqual(LONGEST);
      window.sent(bytes);
      freeAt = Math.max(freeAt, now) + bytes / rate(now - begin);
      if (counts) {
        waits.push(freeAt - now);
        carried += bytes;
      }
      const said = freeAt + tripMs(now - begin);
      const silentFrom = silentMs === 0 ? said : Math.floor(said / (4 * silentMs)) * 4 * silentMs;
      words.push(Math.max(said, silentFrom + silentMs, words.at(-1) ?? 0));
    }
    const next = words[heard++] ?? Infinity;
    if (next - begin >= toMs) break;
    if (counts) possible += (next - now) * rate(now - begin);
    clock.jump(next - now);
    window.taken(1);
  }
  waits.sort((a, b) => a - b);
  return { share: carried / possible, waitMs: waits[Math.floor(waits.length * 0.99)] ?? Infinity };
}

/** From 1 Mbit/s to 10 Gbit/s, in bytes a millisecond. */
const anyRate = fc.double({ min: 0, max: 4, noNaN: true }).map((exponent) => 125 * 10 ** exponent);
/** From one host to across an ocean, in milliseconds. */
const anyTrip = fc.double({ min: -1.3, max: 2.2, noNaN: true }).map((exponent) => 10 ** exponent);

it("takes most of any path, and lets a small frame pass within two trips", () => {
  fc.assert(
    fc.property(anyRate, anyTrip, (rate, tripMs) => {
      // Within the most that may be under way.
      fc.pre(rate * tripMs < 8 << 20);
      const learnt = 40 * (tripMs + (2 * SHORTEST) / rate);
      const { share, waitMs } = bulk({ rate: () => rate, tripMs: () => tripMs, silentMs: 0 }, learnt, 2 * learnt);
      expect(share).toBeGreaterThan(0.85);
      expect(waitMs).toBeLessThan(tripMs + (6 * SHORTEST) / rate + 0.1);
    }),
    { numRuns: 100 },
  );
});

it("does not fill the queues of two programs on one host while others pass, and takes all of the path when nobody does", () => {
  const rate = 3e6;
  const path: Path = { rate: () => rate, tripMs: () => 0.05, silentMs: 0 };
  expect(bulk({ ...path, company: true }, 100, 300).waitMs * rate).toBeLessThan(200 << 10);
  expect(bulk(path, 100, 300).share).toBeGreaterThan(0.95);
});

it("keeps 10 Gbit/s busy while others pass", () => {
  const { share } = bulk({ rate: () => 1.25e6, tripMs: () => 0.2, silentMs: 0, company: true }, 100, 300);
  expect(share).toBeGreaterThan(0.85);
});

it.each([0.05, 0.2, 1])("does not take a peer for quick that is silent and then says everything at once (trip of %f ms)", (tripMs) => {
  const rate = 125_000;
  const { waitMs } = bulk({ rate: () => rate, tripMs: () => tripMs, silentMs: 1 }, 500, 3_000);
  expect(waitMs).toBeLessThan(2 * tripMs + (6 * SHORTEST) / rate);
});

it("does not queue more and more while bulk goes on for minutes", () => {
  const path: Path = { rate: () => 1_250, tripMs: () => 20, silentMs: 0 };
  const soon = bulk(path, 2_000, 8_000).waitMs;
  expect(bulk(path, 120_000, 180_000).waitMs).toBeLessThan(1.5 * soon);
});

it.each([
  ["a tenth as quick", 0.1, 1],
  ["ten times as quick", 10, 1],
  ["ten times as long", 1, 10],
  ["a tenth as long", 1, 0.1],
])("follows a path that becomes %s", (_, quicker, longer) => {
  const since = (factor: number) => (atMs: number) => (atMs < 1_000 ? 1 : factor);
  const tripMs = 20 * longer;
  const path: Path = { rate: (atMs) => 12_500 * since(quicker)(atMs), tripMs: (atMs) => 20 * since(longer)(atMs), silentMs: 0 };
  const { share, waitMs } = bulk(path, 14_000, 18_000);
  expect(share).toBeGreaterThan(0.85);
  expect(waitMs).toBeLessThan(tripMs + 25);
});
