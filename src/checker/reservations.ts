/** The numbers and names that a scope reserves: checked, and looked up. */
import type { Collector } from "../diagnostics/collector.js";
import type { ReservedNode } from "../parser/ast.js";
import type { Span } from "../text/span.js";

/** What numbers a scope may give, both ends included. */
export interface Bounds {
  readonly min: bigint;
  readonly max: bigint;
}

export const fieldNumbers: Bounds = { min: 1n, max: 2n ** 29n - 1n };
export const enumNumbers: Bounds = { min: -(2n ** 31n), max: 2n ** 31n - 1n };

export interface ReservedRange {
  readonly from: bigint;
  readonly to: bigint;
  readonly span: Span;
}

export class Reservations {
  /** Ascending, and without overlaps. */
  readonly ranges: readonly ReservedRange[];
  readonly names: ReadonlyMap<string, Span>;
  readonly #found: Collector;

  constructor(nodes: readonly ReservedNode[], bounds: Bounds, found: Collector) {
    this.#found = found;
    this.ranges = this.#readRanges(nodes, bounds);
    this.names = this.#readNames(nodes);
  }

  hasNumber(number: bigint): boolean {
    return this.rangeWith(number) !== undefined;
  }

  rangeWith(number: bigint): ReservedRange | undefined {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = this.ranges[middle];
      if (range === undefined) return undefined;
      if (number < range.from) high = middle - 1;
      else if (number > range.to) low = middle + 1;
      else return range;
    }
    return undefined;
  }

  /** The last number of the reserved range that holds a number, or the number itself. */
  endOf(number: bigint): bigint {
    return this.rangeWith(number)?.to ?? number;
  }

  checkName(name: string, span: Span): void {
    const reserved = this.names.get(name);
    if (reserved !== undefined)
      this.#found.report("RPC2063", span, { name }, { related: [{ message: "reserved here", span: reserved }] });
  }

  #readRanges(nodes: readonly ReservedNode[], { min, max }: Bounds): ReservedRange[] {
    const ranges: ReservedRange[] = [];
    for (const { from, to, span } of nodes.flatMap((node) => node.ranges)) {
      const outside = [from, to].find((end) => end.value < min || end.value > max);
      if (outside !== undefined) {
        this.#found.report("RPC2060", outside.span, { number: outside.raw, min: String(min), max: String(max) });
      } else if (from.value > to.value) {
        this.#found.report("RPC2064", span, { from: from.raw, to: to.raw });
      } else {
        ranges.push({ from: from.value, to: to.value, span });
      }
    }
    ranges.sort((a, b) => (a.from === b.from ? a.span.start - b.span.start : a.from < b.from ? -1 : 1));
    const apart: ReservedRange[] = [];
    for (const range of ranges) {
      const last = apart.at(-1);
      if (last === undefined || range.from > last.to) {
        apart.push(range);
        continue;
      }
      const [first, second] = last.span.start <= range.span.start ? [last, range] : [range, last];
      const overlapEnd = range.to < last.to ? range.to : last.to;
      const what = range.from === overlapEnd ? `The number ${range.from}` : `The range ${range.from} to ${overlapEnd}`;
      this.#found.report(
        "RPC2065",
        second.span,
        { what },
        { related: [{ message: "first reserved here", span: first.span }] },
      );
      if (range.to > last.to) apart.push({ ...range, from: last.to + 1n });
    }
    return apart;
  }

  #readNames(nodes: readonly ReservedNode[]): Map<string, Span> {
    const names = new Map<string, Span>();
    for (const { value, span } of nodes.flatMap((node) => node.names)) {
      const first = names.get(value);
      if (first === undefined) names.set(value, span);
      else
        this.#found.report(
          "RPC2065",
          span,
          { what: `The name "${value}"` },
          { related: [{ message: "first reserved here", span: first }] },
        );
    }
    return names;
  }
}
