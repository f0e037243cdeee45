/** The law of a call, T(n) = alpha + n beta: what a call costs whatever it carries, and what each byte adds. */

/** Times of calls with one payload. */
export interface Sample {
  /** Of the payload, each way. */
  readonly bytes: number;
  /** Microseconds. */
  readonly times: readonly number[];
}

export interface Estimate {
  readonly value: number;
  /** Where it lies in 95 of 100 measurements like this one. */
  readonly from: number;
  readonly to: number;
}

export interface Law {
  /** Microseconds a call. */
  readonly alpha: Estimate;
  /** Nanoseconds a byte. */
  readonly beta: Estimate;
  /** alpha / beta: the payload in bytes with which half of the time goes into bytes. */
  readonly nHalf: Estimate;
  /** The share by which medians lie off the line, at worst. */
  readonly worstMiss: number;
}

const RESAMPLES = 400;

/** @param chance from 0 to 1; the same numbers give the same confidence. */
export function fitLaw(samples: readonly Sample[], chance: () => number): Law {
  const sorted = samples.map(({ bytes, times }) => ({ bytes, times: Float64Array.from(times).sort() }));
  const points = sorted.map(({ bytes, times }) => ({ bytes, us: between(times, 0.5) }));
  const line = fitLine(points);
  const again = Array.from({ length: RESAMPLES }, () => fitLine(sorted.map(({ bytes, times }) => ({ bytes, us: medianAgain(times, chance) }))));
  const estimate = (of: (line: Line) => number): Estimate => {
    const values = again.map(of);
    return { value: of(line), from: quantile(values, 0.025), to: quantile(values, 0.975) };
  };
  return {
    alpha: estimate(({ alpha }) => alpha),
    beta: estimate(({ beta }) => beta * 1_000),
    nHalf: estimate(({ alpha, beta }) => (beta > 0 ? Math.max(0, alpha) / beta : Infinity)),
    worstMiss: Math.max(...points.map(({ bytes, us }) => Math.abs(line.alpha + line.beta * bytes - us) / us)),
  };
}

interface Line {
  readonly alpha: number;
  readonly beta: number;
}

/** Least squares of the relative error: a miss of a tenth counts the same for an empty call and for a large one. */
function fitLine(points: readonly { readonly bytes: number; readonly us: number }[]): Line {
  let [weights, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (const { bytes, us } of points) {
    const weight = 1 / us ** 2;
    weights += weight;
    x += weight * bytes;
    y += weight * us;
    xx += weight * bytes * bytes;
    xy += weight * bytes * us;
  }
  const spread = weights * xx - x * x;
  const beta = spread === 0 ? 0 : (weights * xy - x * y) / spread;
  return { alpha: (y - beta * x) / weights, beta };
}

/**
 * The median of as many times, drawn anew from these, without drawing them: the share of the times below it lies about a half
 * as a normal variable does, with a deviation of half of one by the root of their number.
 */
function medianAgain(sorted: Float64Array, chance: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return between(sorted, Math.min(1, Math.max(0, 0.5 + normal / (2 * Math.sqrt(sorted.length)))));
}

/** Between the two nearest where it falls between them. */
export function quantile(values: readonly number[], share: number): number {
  return between(Float64Array.from(values).sort(), share);
}

function between(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}

/** Chance that a seed repeats: mulberry32. */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
