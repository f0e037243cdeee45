/** The numbers that a message or union knows, as generated code states them: "1-7, 9". */

const parsed = new Map<string, readonly (readonly [from: number, to: number])[]>();

/** Whether a number is within the ranges. Asked only of fields that a reader does not expect. */
export function isKnownNumber(ranges: string, number: number): boolean {
  let pairs = parsed.get(ranges);
  if (pairs === undefined) {
    pairs = ranges === "" ? [] : ranges.split(", ").map(parseRange);
    parsed.set(ranges, pairs);
  }
  return pairs.some(([from, to]) => number >= from && number <= to);
}

function parseRange(text: string): readonly [number, number] {
  const [from, to] = text.split("-");
  return [Number(from), Number(to ?? from)];
}
