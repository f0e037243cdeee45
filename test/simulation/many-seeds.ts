/** Runs many seeds, several worlds side by side: what one costs in turns of the event loop, all pay together. */
import { runSeed, type Verdict } from "./run-seed.js";

export interface Tally {
  readonly seeds: number;
  readonly events: number;
  readonly calls: number;
  readonly crashes: number;
  readonly failed: readonly Verdict[];
  /** Of this process's processor time. */
  readonly seedsPerSecond: number;
  readonly cpuSeconds: number;
}

export interface ManySeedsOptions {
  readonly from: number;
  /** How many at most. */
  readonly count: number;
  /** Ends after so many seconds of the real clock. */
  readonly seconds?: number;
  /** Ends with the first seed that fails. */
  readonly untilFailure?: boolean;
  readonly onFailure?: (verdict: Verdict) => void;
}

const SIDE_BY_SIDE = 16;

export async function runSeeds({ from, count, seconds = Infinity, untilFailure = false, onFailure }: ManySeedsOptions): Promise<Tally> {
  const began = process.cpuUsage();
  const endsAt = performance.now() + seconds * 1000;
  const failed: Verdict[] = [];
  const underWay = new Set<number>();
  const suspects = new Set<number>();
  const totals = { seeds: 0, events: 0, calls: 0, crashes: 0 };
  let next = from;
  const record = (verdict: Verdict): void => {
    if (verdict.violations.length === 0) return;
    failed.push(verdict);
    onFailure?.(verdict);
  };
  const suspect = (): void => underWay.forEach((seed) => suspects.add(seed));
  process.on("unhandledRejection", suspect);
  const lane = async (): Promise<void> => {
    while (next < from + count && performance.now() < endsAt && !(untilFailure && failed.length > 0)) {
      const seed = next++;
      underWay.add(seed);
      const verdict = await runSeed(seed);
      underWay.delete(seed);
      totals.seeds += 1;
      totals.events += verdict.happened;
      totals.calls += verdict.calls;
      totals.crashes += verdict.crashes;
      record(verdict);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  process.off("unhandledRejection", suspect);
  for (const seed of suspects) {
    record(await runAlone(seed));
    if (untilFailure && failed.length > 0) break;
  }
  const { user, system } = process.cpuUsage(began);
  const cpuSeconds = (user + system) / 1e6;
  return { ...totals, failed, cpuSeconds, seedsPerSecond: totals.seeds / cpuSeconds };
}

/** With nobody beside it, so that a rejection that nobody handled is this seed's. */
export async function runAlone(seed: number, records = false): Promise<Verdict> {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listener);
  const verdict = await runSeed(seed, { records });
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", listener);
  const more = unhandled.map((reason) => ({
    invariant: "I13",
    what: `nobody handled ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
  }));
  return { ...verdict, violations: [...verdict.violations, ...more] };
}
