/** How badly a call is needed: a server that cannot do everything turns away first what is needed least. */

/**
 * What becomes of the caller when the call is refused: `critical`, something that matters breaks; `normal`, somebody
 * notices; `deferrable`, it is done later (a batch job); `sheddable`, nobody misses it (prefetching, telemetry).
 */
export type Criticality = "critical" | "normal" | "deferrable" | "sheddable";

/** By their ranks, which are their numbers on the wire. Append only. */
const CLASSES: readonly Criticality[] = ["critical", "normal", "deferrable", "sheddable"];

export const RANKS = CLASSES.length;

/** Of calls of which nobody said anything. */
export const NORMAL = 1;

/**
 * @param inherited the rank of the call that this one is made for.
 * @throws Error that names the classes there are.
 */
export function rankOf(criticality: Criticality | undefined, inherited: number | undefined): number {
  if (criticality === undefined) return inherited ?? NORMAL;
  const rank = CLASSES.indexOf(criticality);
  if (rank < 0) throw new Error(`criticality is ${String(criticality)}, not one of ${CLASSES.join(", ")}`);
  return rank;
}

/** A rank that this version does not know is as good as none. */
export function rankOfNumber(number: number): number {
  return number < RANKS ? number : NORMAL;
}

export function criticalityOf(rank: number): Criticality {
  return CLASSES[rank] ?? "normal";
}
