/** Durations as the language writes them. */

const UNITS = [
  ["d", 86_400_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["m", 60_000_000_000n],
  ["s", 1_000_000_000n],
  ["ms", 1_000_000n],
  ["us", 1000n],
  ["ns", 1n],
] as const;

/** A duration in the greatest unit that holds it whole: "500ms". */
export function durationText(nanos: bigint): string {
  const [unit, size] = UNITS.find(([, each]) => nanos !== 0n && nanos % each === 0n) ?? (["s", 1n] as const);
  return `${nanos / size}${unit}`;
}
