/**
 * What is open on a connection, by the number of its stream. Numbers ascend, and most of what is open is young: so a
 * ring holds it, at a fraction of what a Map costs, and a Map only what outlived its place in the ring.
 */

const FIRST_SIZE = 16;
const LARGEST_SIZE = 4_096;

export class StreamTable<E> {
  #entries: (E | undefined)[] = new Array<E | undefined>(FIRST_SIZE).fill(undefined);
  #streams = new Uint32Array(FIRST_SIZE);
  #mask = FIRST_SIZE - 1;
  #elders: Map<number, E> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(stream: number): E | undefined {
    const place = stream & this.#mask;
    return this.#streams[place] === stream ? this.#entries[place] : this.#elders?.get(stream);
  }

  /** Replaces what was there. */
  set(stream: number, entry: E): void {
    const place = stream & this.#mask;
    const holder = this.#entries[place];
    if (holder === undefined) {
      if (this.#elders?.delete(stream) !== true) this.#size += 1;
    } else if (this.#streams[place] !== stream) {
      if (this.#isCrowded) this.#grow();
      else this.#retire(place, holder);
      return this.set(stream, entry);
    }
    this.#streams[place] = stream;
    this.#entries[place] = entry;
  }

  delete(stream: number): void {
    const place = stream & this.#mask;
    if (this.#streams[place] === stream && this.#entries[place] !== undefined) this.#entries[place] = undefined;
    else if (this.#elders?.delete(stream) !== true) return;
    this.#size -= 1;
  }

  /** As they are now, the oldest first. */
  entries(): [stream: number, entry: E][] {
    const all: [number, E][] = [...(this.#elders ?? [])];
    for (const [place, entry] of this.#entries.entries()) {
      if (entry !== undefined) all.push([this.#streams[place] ?? 0, entry]);
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
    this.#elders.set(this.#streams[place] ?? 0, entry);
    this.#entries[place] = undefined;
  }

  #grow(): void {
    const all = this.entries();
    const size = 2 * (this.#mask + 1);
    this.clear();
    this.#entries = new Array<E | undefined>(size).fill(undefined);
    this.#streams = new Uint32Array(size);
    this.#mask = size - 1;
    for (const [stream, entry] of all) this.set(stream, entry);
  }
}
