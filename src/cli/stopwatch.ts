/** How long each phase of a run took, for `--stats`. */
import type { Host } from "./host.js";

export interface Phase {
  readonly phase: string;
  readonly ms: number;
  /** How many things it had to do with. */
  readonly of?: number;
  /** How many of them it did; the rest was as it had been. */
  readonly done?: number;
}

export class Stopwatch {
  readonly #host: Host;
  readonly #phases: Phase[] = [];
  readonly #started: number;
  #last: number;

  constructor(host: Host) {
    this.#host = host;
    this.#started = this.#last = host.now();
  }

  /** Since the beginning, in milliseconds. */
  get total(): number {
    return this.#host.now() - this.#started;
  }

  /** Ends a phase, which began when the one before it ended. */
  lap(phase: string, counts: Omit<Phase, "phase" | "ms"> = {}): void {
    const now = this.#host.now();
    this.#phases.push({ phase, ms: now - this.#last, ...counts });
    this.#last = now;
  }

  /** Ends a phase that measured its own parts. */
  add(parts: readonly Phase[]): void {
    this.#phases.push(...parts);
    this.#last = this.#host.now();
  }

  /** As JSON has it: milliseconds with one digit behind the point. */
  get phases(): readonly Phase[] {
    return [...this.#phases, { phase: "total", ms: this.total }].map((phase) => ({ ...phase, ms: Math.round(phase.ms * 10) / 10 }));
  }

  /** A line a phase. */
  get text(): string {
    return this.phases.map(({ phase, ms, of, done }) => `  ${phase.padEnd(8)}${ms.toFixed(1).padStart(9)} ms${of === undefined ? "" : `  ${done ?? of} of ${of}`}`).join("\n");
  }
}
