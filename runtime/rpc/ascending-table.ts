/**
 * Things by numbers that ascend, such as the calls of a connection or of a client. Most of those that are there are
 * young: so a ring holds them, at a fraction of what a Map costs, and a Map only what outlived its place in the ring.
 */

const FIRST_SIZE = 16;
const LARGEST_SIZE = 4_096;

export class AscendingTable<E> {
  #entries: (E | undefined)[] = new Array<E | undefined>(FIRST_SIZE).fill(undefined);
  #numbers = new Float64Array(FIRST_SIZE);
  #mask = FIRST_SIZE - 1;
  #elders: Map<number, E> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(number: number): E | undefined {
    const place = number & this.#mask;
    return this.#numbers[place] === number ? this.#entries[place] : this.#elders?.get(number);
  }

  /** Replaces what was there. */
  set(number: number, entry: E): void {
    const place = number & this.#mask;
    const holder = this.#entries[place];
    if (holder === undefined) {
      if (this.#elders?.delete(number) !== true) this.#size += 1;
    } else if (this.#numbers[place] !== number) {
      if (this.#isCrowded) this.#grow();
      else this.#retire(place, holder);
      return this.set(number, entry);
    }
    this.#numbers[place] = number;
    this.#entries[place] = entry;
  }

  delete(number: number): void {
    const place = number & this.#mask;
    if (this.#numbers[place] === number && this.#entries[place] !== undefined) this.#entries[place] = undefined;
    else if (this.#elders?.delete(number) !== true) return;
    this.#size -= 1;
  }

  /** As they are now, the oldest first. */
  entries(): [number: number, entry: E][] {
    const all: [number, E][] = [...(this.#elders ?? [])];
    for (const [place, entry] of this.#entries.entries()) {
      if (entry !== undefined) all.push([this.#numbers[place] ?? 0, entry]);
    }
    return all.sort(([a], [b]) => a - b);
  }

  clear(): void {
    this.#entries.fill(undefined);
    this.#elders = undefined;
    this.#size = 0;
  }

  get #isCrowded(): boolean {
    return this.#size * 2 > this.#mask && this.#mask < LARGEST_SIZE - 1;
  }

  #retire(place: number, entry: E): void {
    this.#elders ??= new Map();
    this.#elders.set(this.#numbers[place] ?? 0, entry);
    this.#entries[place] = undefined;
  }

  #grow(): void {
    const all = this.entries();
    const size = 2 * (this.#mask + 1);
    this.clear();
    this.#entries = new Array<E | undefined>(size).fill(undefined);
    this.#numbers = new Float64Array(size);
    this.#mask = size - 1;
    for (const [number, entry] of all) this.set(number, entry);
  }
}
