/**
 * What a thread does that waits for its calls: it reads what comes, runs what is due, and sleeps when there is neither, until what it waits
 * for is so. Sessions, timers and calls are those of every channel; only nobody else runs them.
 */
import type { BlockingLink } from "../../transport/blocking.js";
import type { Link } from "../../transport/transport.js";
import { systemClock, type Alarm, type Clock } from "../clock.js";
import type { PumpOutlet } from "../protocol/item-pump.js";
import { BlockingPump } from "./blocking-pump.js";
import type { Waiting } from "./call-host.js";

/** Where several links are waited for, each is looked at so often, in milliseconds. */
const SLICE_MS = 1;

/** Of a peer that never stops sending, no more is read before a call begins: its deadline counts from then on. */
const MOST_READS = 4_096;

interface Due {
  readonly at: number;
  readonly run: () => void;
}

export class BlockingLoop implements Clock, Waiting {
  readonly #links = new Set<BlockingLink>();
  readonly #alarms = new Set<Due>();
  readonly #pumps: BlockingPump[] = [];
  /** What is waited on where there is no link. */
  #nap: Int32Array | undefined;

  readonly now = systemClock.now;
  readonly wall = systemClock.wall;

  /** It only runs while somebody waits. */
  schedule(delayMs: number, run: () => void): Alarm {
    const alarm = { at: this.now() + delayMs, run };
    this.#alarms.add(alarm);
    return { cancel: () => void this.#alarms.delete(alarm), hold: () => {} };
  }

  /** From now on it is read, until it is over. */
  add(link: BlockingLink): Link {
    this.#links.add(link);
    return link;
  }

  /** How many links are not over. */
  get open(): number {
    return this.#links.size;
  }

  pump(source: Iterable<unknown>, outlet: PumpOutlet): BlockingPump {
    return new BlockingPump(source, outlet, (pump) => this.#pumps.push(pump));
  }

  /** Takes note of what has come since somebody waited last, such as the end of a connection. */
  catchUp(): void {
    for (let reads = 0; reads < MOST_READS && this.#read(0); reads++);
    this.#ring();
  }

  until(met: () => boolean): void {
    while (!met()) {
      const read = this.#read(0);
      if (met()) return;
      const pumped = this.#pump();
      if (met()) return;
      const rang = this.#ring();
      if (!read && !pumped && !rang) this.#wait();
    }
  }

  /** Whether anything came. */
  #read(ms: number): boolean {
    let moved = false;
    for (const link of this.#links) {
      moved = link.turn(ms) || moved;
      if (link.over) this.#links.delete(link);
    }
    return moved;
  }

  /** One that can go on goes on; its iterable may make calls of its own meanwhile. */
  #pump(): boolean {
    const pump = this.#pumps.shift();
    pump?.step();
    return pump !== undefined;
  }

  #ring(): boolean {
    const now = this.now();
    let rang = false;
    for (const alarm of this.#alarms) {
      if (alarm.at > now || !this.#alarms.delete(alarm)) continue;
      rang = true;
      alarm.run();
    }
    return rang;
  }

  #wait(): void {
    let next = Infinity;
    for (const { at } of this.#alarms) next = Math.min(next, at);
    const ms = Math.max(0, next - this.now());
    if (this.#links.size > 0) this.#read(this.#links.size === 1 ? ms : Math.min(ms, SLICE_MS));
    else if (ms === Infinity) throw new Error("nothing is left to wait for");
    else Atomics.wait((this.#nap ??= new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))), 0, 0, ms);
  }
}
