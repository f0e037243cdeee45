/** Timestamps and durations between JavaScript's forms and the wire's whole seconds and nanoseconds. */

/** Seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const MIN_TIMESTAMP = -62135596800;
const MAX_TIMESTAMP = 253402300799;

/** 10,000 years of 365.25 days, in seconds, either way. */
export const MAX_DURATION = 315576000000;

export function isTimestamp(seconds: number): boolean {
  return seconds >= MIN_TIMESTAMP && seconds <= MAX_TIMESTAMP;
}

/** To the nanosecond: what lies a fraction above the limit could round to more in another form. */
export function isDuration({ seconds, nanos }: SecondsAndNanos): boolean {
  return seconds >= -MAX_DURATION && (seconds < MAX_DURATION || (seconds === MAX_DURATION && nanos === 0));
}

export const NANOS_PER_SECOND = 1_000_000_000;

/** Milliseconds since the epoch; NaN for an invalid Date, undefined for what is no Date, of any realm. */
export function millisOfDate(date: unknown): number | undefined {
  try {
    return Date.prototype.getTime.call(date);
  } catch {
    return undefined;
  }
}

export interface SecondsAndNanos {
  /** Rounded down. */
  readonly seconds: number;
  /** Below 10^9. */
  readonly nanos: number;
}

/** To the nearest nanosecond. */
export function splitMillis(millis: number): SecondsAndNanos {
  const seconds = Math.floor(millis / 1000);
  const nanos = Math.round((millis - seconds * 1000) * 1e6);
  return nanos < NANOS_PER_SECOND ? { seconds, nanos } : { seconds: seconds + 1, nanos: nanos - NANOS_PER_SECOND };
}

/** What lies below a millisecond is dropped. */
export function dateOf({ seconds, nanos }: SecondsAndNanos): Date {
  return new Date(seconds * 1000 + Math.floor(nanos / 1e6));
}

/** The nearest number of milliseconds. */
export function millisOf({ seconds, nanos }: SecondsAndNanos): number {
  const total = seconds * NANOS_PER_SECOND + nanos;
  return Number.isSafeInteger(total) ? total / 1e6 : seconds * 1000 + nanos / 1e6;
}

const BIG_NANOS = BigInt(NANOS_PER_SECOND);

/** Seconds that no number holds exactly are beyond every limit anyway. */
export function splitNanos(total: bigint): SecondsAndNanos {
  let seconds = total / BIG_NANOS;
  if (total < seconds * BIG_NANOS) seconds -= 1n;
  return { seconds: Number(seconds), nanos: Number(total - seconds * BIG_NANOS) };
}

export function nanosOf({ seconds, nanos }: SecondsAndNanos): bigint {
  return BigInt(seconds) * BIG_NANOS + BigInt(nanos);
}
