/** Measures one path: latencies by payload, and calls a second by how many are in flight. */
import { fitLaw, quantile, seededChance, type Law, type Sample } from "./law.js";

/** A connection to something that gives back what it gets. */
export interface Echo {
  echo(body: Uint8Array): Promise<Uint8Array>;
}

export interface Plan {
  /** Payloads in bytes. */
  readonly sizes: readonly number[];
  readonly windows: readonly number[];
  /** For each payload and each window, in milliseconds. */
  readonly ms: number;
}

export const DEFAULT_PLAN: Plan = { sizes: [0, 64, 1_024, 16_384, 262_144, 1_048_576], windows: [1, 8, 64, 512], ms: 400 };

export interface Latency {
  readonly bytes: number;
  readonly calls: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export interface Rate {
  readonly inFlight: number;
  readonly callsPerSecond: number;
}

export interface PathFigures {
  readonly law: Law;
  readonly latencies: readonly Latency[];
  readonly rates: readonly Rate[];
}

/** Calls of each payload at least: a quantile of fewer is none. */
const FEWEST_CALLS = 20;
/** Of the time that is measured, what is spent before so that code is compiled and buffers are grown. */
const WARM_UP_SHARE = 0.5;

/** @param step told what is measured next, and how many steps there are. */
export async function measurePath(path: Echo, { sizes, windows, ms }: Plan, step: (what: string, of: number) => void): Promise<PathFigures> {
  const steps = sizes.length + windows.length + 1;
  step("warming up", steps);
  await inFlight(path, 8, ms);
  const samples: Sample[] = [];
  for (const bytes of sizes) {
    step(`${bytes} bytes`, steps);
    const body = new Uint8Array(bytes).fill(0x5a);
    const back = await path.echo(body);
    if (back.length !== bytes || back.some((byte) => byte !== 0x5a)) throw new Error(`an echo of ${bytes} bytes came back changed`);
    await oneByOne(path, body, ms * WARM_UP_SHARE);
    samples.push({ bytes, times: await oneByOne(path, body, ms) });
  }
  const rates: Rate[] = [];
  for (const window of windows) {
    step(`${window} in flight`, steps);
    await inFlight(path, window, ms * WARM_UP_SHARE);
    rates.push({ inFlight: window, callsPerSecond: await inFlight(path, window, ms) });
  }
  return { law: fitLaw(samples, seededChance(1)), latencies: samples.map(latencyOf), rates };
}

function latencyOf({ bytes, times }: Sample): Latency {
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => quantile(times, share)) as [number, number, number];
  return { bytes, calls: times.length, p50, p99, p999 };
}

/** One call after the other; the time of each, in microseconds. */
async function oneByOne(path: Echo, body: Uint8Array, ms: number): Promise<number[]> {
  const times: number[] = [];
  for (const until = performance.now() + ms; performance.now() < until || times.length < FEWEST_CALLS; ) {
    const began = performance.now();
    await path.echo(body);
    times.push((performance.now() - began) * 1_000);
  }
  return times;
}

/** So many callers, each of which calls again as soon as it is answered; calls a second. */
async function inFlight(path: Echo, callers: number, ms: number): Promise<number> {
  const body = new Uint8Array(8);
  const began = performance.now();
  let calls = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - began < ms) {
        await path.echo(body);
        calls += 1;
      }
    }),
  );
  return (calls * 1_000) / (performance.now() - began);
}
