/** The numbers that the calls of a connection have had: each comes once, and those in pieces come behind later ones. */
import { FrameError } from "../frame-reader.js";

/** Ranges of numbers that others passed are remembered so far; those left out longest are given up. */
const MOST_GAPS = 1_024;

export class StreamNumbers {
  #last = 0;
  /** What was passed, in the order in which it was. */
  readonly #gaps: { from: number; to: number }[] = [];

  /** The highest that came. */
  get last(): number {
    return this.#last;
  }

  /**
   * @returns whether higher ones came before.
   * @throws FrameError if it was there before.
   */
  take(stream: number): boolean {
    if (stream <= this.#last) {
      this.#fill(stream);
      return true;
    }
    if (stream > this.#last + 1) {
      this.#gaps.push({ from: this.#last + 1, to: stream - 1 });
      this.#forget();
    }
    this.#last = stream;
    return false;
  }

  #fill(stream: number): void {
    const at = this.#gaps.findIndex(({ from, to }) => from <= stream && stream <= to);
    const gap = this.#gaps[at];
    if (gap === undefined) throw new FrameError(`call ${stream} comes twice, or far too late`);
    const rest = [
      { from: gap.from, to: stream - 1 },
      { from: stream + 1, to: gap.to },
    ];
    this.#gaps.splice(at, 1, ...rest.filter(({ from, to }) => from <= to));
    this.#forget();
  }

  /** Who fills every other number of a range makes a gap of each, and all are looked through for the next. */
  #forget(): void {
    if (this.#gaps.length > MOST_GAPS) this.#gaps.shift();
  }
}
