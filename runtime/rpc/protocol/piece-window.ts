/**
 * How much of long frames may be under way at once, and how long a piece of them is. What is under way is what a small frame has to wait
 * for, so no more than keeps the path busy: as many bytes as the path takes while a piece crosses it (its rate times its quickest time, both
 * measured, as BBR does it), and a few more. A slow path so gets small pieces, a quick one long ones.
 */
import type { Clock } from "../clock.js";

/** Before anything is known, in bytes. */
const FIRST = 64 << 10;
/** So many pieces fill the window, as long as they are neither shorter than `SHORTEST` nor longer than the session's limit. */
const PIECES = 4;
/** In bytes: below, heads and system calls are what costs. */
const SHORTEST = 4 << 10;
const LEAST = 2 * SHORTEST;
/** In bytes: the rate of 1 Gbit/s over half a second. */
const MOST = 64 << 20;

/** More than 1, or the rate that is measured could only fall; less than 2, so that a small frame waits less than its path takes alone. */
const GAIN = 1.5;
/**
 * Bytes a millisecond that are believed while others pass. Within a host a measured rate is that of the memory and of caches; the queues are those of
 * the programs at both ends, and more under way would only wait in them. 10 Gbit/s still fit into the window, by the gain.
 */
const FASTEST = 0.8e6;
/** For so many milliseconds whoever passed is expected to come again. */
const COMPANY_MS = 100;
/** Milliseconds that a program takes to answer on a path that takes none. */
const TURN_MS = 0.05;
/** The highest rate of a round loses so much with each that is slower: paths change. */
const FORGETTING = 7 / 8;
/** For so many milliseconds the quickest time is believed; then the window is `LEAST` until a piece has crossed the path without a queue. */
const BELIEVED_MS = 10_000;

/** A piece that is under way. */
interface Sent {
  readonly bytes: number;
  readonly at: number;
  /** How much had been taken when it left, in bytes of all time, and when the last of that had left. */
  readonly takenBefore: number;
  readonly lastTakenLeftAt: number;
}

export class PieceWindow {
  readonly #clock: Clock;
  readonly #mostPieceBytes: number;
  readonly #underWay: Sent[] = [];
  #underWayBytes = 0;
  #takenBytes = 0;
  #lastTakenLeftAt = 0;
  /** In bytes. */
  #size = FIRST;
  /** Bytes a millisecond. */
  #rate = 0;
  #quickestMs = Infinity;
  #measuredAt: number;
  #passedAt = -Infinity;
  /** What left before has waited in a queue that is gone. */
  #probeFrom = 0;
  /** What is taken of what left before then is of the round before. */
  #roundFrom = 0;

  /** @param mostPieceBytes no piece is longer. */
  constructor(clock: Clock, mostPieceBytes: number) {
    this.#clock = clock;
    this.#mostPieceBytes = mostPieceBytes;
    this.#measuredAt = clock.now();
  }

  get open(): boolean {
    return this.#underWayBytes < this.#size;
  }

  /** Of the next piece, at most. */
  get pieceBytes(): number {
    const wanted = this.#rate === 0 ? SHORTEST : Math.max(SHORTEST, Math.floor(this.#size / PIECES));
    return Math.min(wanted, this.#mostPieceBytes);
  }

  /** A frame has passed what is under way, or waits behind it in the path. */
  passed(): void {
    this.#passedAt = this.#clock.now();
  }

  sent(bytes: number): void {
    const at = this.#clock.now();
    if (this.#underWay.length === 0) this.#lastTakenLeftAt = at;
    this.#underWay.push({ bytes, at, takenBefore: this.#takenBytes, lastTakenLeftAt: this.#lastTakenLeftAt });
    this.#underWayBytes += bytes;
  }

  /** The peer has taken so many pieces more; more than were sent is nothing. @returns whether there were any. */
  taken(pieces: number): boolean {
    const filled = !this.open;
    const now = this.#clock.now();
    const taken = this.#underWay.splice(0, pieces);
    for (const { bytes } of taken) {
      this.#underWayBytes -= bytes;
      this.#takenBytes += bytes;
    }
    const last = taken.at(-1);
    if (last === undefined) return false;
    this.#measure(last, now, filled);
    this.#lastTakenLeftAt = last.at;
    return true;
  }

  #measure({ at, takenBefore, lastTakenLeftAt }: Sent, now: number, filled: boolean): void {
    const tookMs = Math.max(now - at, TURN_MS);
    if (at >= this.#probeFrom && tookMs <= this.#quickestMs) {
      this.#quickestMs = tookMs;
      this.#measuredAt = now;
    }
    // By the longer of the times in which it left and was taken: what is told at once was not all taken in a moment.
    const rate = (this.#takenBytes - takenBefore) / Math.max(at - lastTakenLeftAt, tookMs);
    if (rate > this.#rate) this.#rate = rate;
    else if (filled && at >= this.#roundFrom) {
      this.#rate = Math.max(rate, this.#rate * FORGETTING);
      this.#roundFrom = now;
    }
    if (now - this.#measuredAt > BELIEVED_MS) {
      this.#quickestMs = Infinity;
      this.#measuredAt = this.#probeFrom = now;
    }
    const believed = now - this.#passedAt < COMPANY_MS ? Math.min(this.#rate, FASTEST) : this.#rate;
    const bytes = this.#quickestMs === Infinity ? LEAST : believed * (GAIN * this.#quickestMs + TURN_MS);
    this.#size = Math.min(Math.max(LEAST, bytes), MOST);
  }
}
