/** What a transaction has read, absent keys and the gaps of scans included. */
import type { KeyRange } from "./key-value.js";

/** A scan, as far as it came. */
export interface ScannedRange {
  readonly range: KeyRange;
  /** The last key that it looked at; undefined when it has reached its end. */
  through: string | undefined;
}

export class Reads {
  readonly #names = new Set<string>();
  readonly #ranges: ScannedRange[] = [];

  /** @param name from `dataName` or `completionName`. */
  add(name: string): void {
    this.#names.add(name);
  }

  addRange(range: ScannedRange): void {
    this.#ranges.push(range);
  }

  includes(name: string): boolean {
    if (this.#names.has(name)) return true;
    return name.startsWith(DATA) && this.#ranges.some(({ range, through }) => isWithin(name.slice(DATA.length), range, through));
  }
}

const DATA = "d";

export function dataName(key: string): string {
  return DATA + key;
}

export function completionName({ principal, client, sequence }: { principal: string; client: string; sequence: number }): string {
  return `c${client} ${sequence} ${principal}`;
}

function isWithin(key: string, { prefix = "", from = "", to }: KeyRange, through: string | undefined): boolean {
  return key >= from && (to === undefined || key < to) && key.startsWith(prefix) && (through === undefined || key <= through);
}
