/** Runs one seed: the safety phase with its faults, then a healed world that must answer again, then the end and the judgement. */
import { judge } from "./judge.js";
import { rain } from "./rain.js";
import { checkLeaks, closeAll, probe } from "./recovery.js";
import type { SimOptions } from "./sim-options.js";
import { settleAll } from "./settling.js";
import { SimWorld, type Violation } from "./sim-world.js";

export interface Verdict {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly events: readonly string[];
  /** Events of the world's queue, calls that were made, and processes that died. */
  readonly happened: number;
  readonly calls: number;
  readonly crashes: number;
}

export interface RunOptions {
  /** Whether the world's events are written down line by line. */
  readonly records?: boolean;
  /** In place of what the seed stands for. */
  readonly options?: SimOptions;
  /** Told of the world before anything happens in it. */
  readonly seen?: (world: SimWorld) => void;
}

/** Calls have ten seconds unless they say otherwise, and processes that were stopped need to catch up. */
const DRAIN_MS = 30_000;
/** After it no frame, timer or handler can be under way. */
const SILENCE_MS = 120_000;

export async function runSeed(seed: number, { records = false, options, seen }: RunOptions = {}): Promise<Verdict> {
  const world = new SimWorld(seed, records, options);
  seen?.(world);
  const { queue } = world;
  for (const tier of world.tiers) {
    for (let replica = 0; replica < world.options.replicas; replica += 1) world.startServer(tier, replica);
  }
  for (const slot of world.options.clientSlots) world.startClient(slot);
  rain(world, world.fork(), world.options.safetyMs);
  await queue.runWhile(() => world.workLeft, world.options.safetyMs);
  world.heal();
  await probe(world);
  await queue.runWhile(() => world.workLeft, queue.now + DRAIN_MS);
  await settleAll(world);
  await closeAll(world);
  await queue.runUntil(queue.now + SILENCE_MS);
  checkLeaks(world);
  judge(world);
  return {
    seed,
    violations: world.violations,
    events: world.events ?? [],
    happened: queue.happened,
    calls: world.ledger.ops.length,
    crashes: world.weather.crashes,
  };
}
