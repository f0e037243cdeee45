/** The text of all short strings of a value, and which string took which part of it: docs/wire.md, 1.5. */
import { Malformed, plural, type ByteCursor } from "./byte-cursor.js";
import type { ByteRange } from "./annotation.js";
import { decodeUnits } from "./value-text.js";

/** A part of the pool, and the string that it is the text of; of several, where they are left out of the tree. */
export interface PoolUse extends ByteRange {
  readonly path: string;
  readonly sensitive: boolean;
  readonly text: string;
  /** How many strings. */
  readonly strings: number;
}

export interface PooledText {
  /** What there is of it; undefined where nobody can tell where the pool begins. */
  readonly text: string | undefined;
  /** The input is over before the text is. */
  readonly isCutOff: boolean;
  readonly range: ByteRange | undefined;
}

export class TextPool {
  /** What the header says. */
  readonly units: number;
  readonly form: number;
  /** Units that strings have taken so far. */
  taken = 0;
  /** Where it begins; undefined before that is known. */
  readonly start: number | undefined;
  /** As far as it is there. */
  readonly text: string;
  readonly #uses: PoolUse[] = [];

  constructor(cursor: ByteCursor, { units, form, start }: { units: number; form: number; start?: number | undefined }) {
    this.units = units;
    this.form = form;
    this.start = start;
    const there = start === undefined ? 0 : Math.floor((cursor.bytes.length - start) / this.unitBytes);
    this.text = start === undefined ? "" : decodeUnits(cursor.view, start, Math.min(units, there), form);
  }

  get unitBytes(): number {
    return this.form === 1 ? 2 : 1;
  }

  /** The uses so far, in order; they leave no gap. */
  get uses(): readonly PoolUse[] {
    return this.#uses;
  }

  /** The next text. `at` is where the string says how long it is. @throws Malformed if the pool does not have it. */
  take(units: number, at: number): PooledText {
    const from = this.taken;
    const to = from + units;
    const left = this.units - from;
    if (units > left)
      throw new Malformed("a string goes beyond the pool", at, {
        expected: `at most ${plural(left, "unit")}, which is what the header leaves`,
      });
    if ((this.text.charCodeAt(to) & 0xfc00) === 0xdc00) {
      throw new Malformed("a string ends between the halves of a surrogate pair", at, {
        expected: `${units + 1} or ${units - 1} units`,
      });
    }
    this.taken = to;
    if (this.start === undefined) return { text: undefined, isCutOff: true, range: undefined };
    return { text: this.text.slice(from, to), isCutOff: to > this.text.length, range: this.#range(from, to) };
  }

  /** Notes which string took what `take` gave. */
  note({ text = "", range }: PooledText, path: string, sensitive: boolean): void {
    if (range !== undefined && range.start !== range.end)
      this.#uses.push({ ...range, path, sensitive, text, strings: 1 });
  }

  /** Makes one of all uses from the given one on, for the strings that had them are left out of the tree. */
  merge(from: number, path: string): void {
    const merged = this.#uses.splice(from);
    const [first] = merged;
    const last = merged.at(-1);
    if (first === undefined || last === undefined) return;
    const strings = merged.reduce((sum, use) => sum + use.strings, 0);
    this.#uses.push({
      start: first.start,
      end: last.end,
      path,
      sensitive: merged.some((use) => use.sensitive),
      text: "",
      strings,
    });
  }

  #range(from: number, to: number): ByteRange | undefined {
    if (this.start === undefined) return undefined;
    return { start: this.start + from * this.unitBytes, end: this.start + to * this.unitBytes };
  }
}
