/** Chance that a seed decides: the `Random` of every process of a simulated world, and the dice of its faults. */
import type { Random } from "../../runtime/rpc/random.js";

/** sfc32. Streams that are forked are independent, so that one more draw in one place changes nothing in another. */
export class SimRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = (seed / 0x1_0000_0000) | 0;
    this.#c = stream | 0;
    for (let round = 0; round < 15; round += 1) this.#next();
  }

  fraction(): number {
    return this.#next() / 0x1_0000_0000;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) bytes[index] = this.#next() & 0xff;
    return bytes;
  }

  /** An integer, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return probability > 0 && this.fraction() < probability;
  }

  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    return list[Math.floor(this.fraction() * list.length)] as T;
  }

  /** Small values often, large ones seldom. */
  skewed(least: number, most: number): number {
    return least * (most / least) ** this.fraction();
  }

  fork(): SimRandom {
    return new SimRandom(this.#next(), this.#next());
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}
