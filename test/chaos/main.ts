/**
 * `npm run chaos`: the long form. Simulated seeds on every core that it may use; on one of them, a quarter of the time, kill -9 of real
 * servers, calls over bad lines, and storms over every path. Prints seeds, rate, kills and violations; writes what failed, with the
 * commit, into `.chaos/`. Exits 1 if anything did.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { SEMANTICS } from "../../src/semantics/promises.js";
import { readLine } from "../script-options.js";
import { bundle, root } from "../simulation/bundle.js";
import { runBundle } from "../simulation/run-bundle.js";
import { killAt } from "./kill.js";
import { CRASH_POINTS } from "./kill-points.js";
import { STORM_PATHS } from "../storm/places.js";
import { storm } from "../storm/storm.js";
import { soak } from "./soak.js";

const { values } = readLine({
  command: "npm run chaos",
  what: "Simulates worlds, kills real servers and breaks real lines, and counts broken promises.",
  options: {
    seconds: { kind: "number", what: "how long", default: 600, least: 1 },
    cores: { kind: "number", what: "processes that work at once, at most", default: availableParallelism(), least: 1 },
    seeds: { kind: "number", what: "ends with so many simulated worlds, kills or no kills" },
    kills: { kind: "number", what: "kills real servers no more often than that" },
    from: { kind: "number", what: "the first seed; others at each run if it is not said" },
  },
});
const { seconds, cores, seeds: mostSeeds = Infinity, kills: mostKills = Infinity } = values;
const from = values.from ?? Math.floor(Date.now() / 1_000) * 1_000;
const endsAt = performance.now() + seconds * 1_000;
/** How much longer worlds are simulated than servers are killed, on the core that does both. */
const SIMULATED_PER_KILLING = 3;
/** Worlds are counted when their process ends, which is no later. */
const LONGEST_SLICE_MS = 60_000;
/** Seeds of two cores are so far apart. */
const APART = 100_000_000;

const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim();
const folder = join(root, ".chaos");
mkdirSync(folder, { recursive: true });

const totals = { seeds: 0, events: 0, calls: 0, crashes: 0, cpuSeconds: 0, kills: 0, soaks: 0, storms: 0, violations: 0 };

function fail(what: object): void {
  totals.violations += 1;
  const line = JSON.stringify({ commit, ...what });
  appendFileSync(join(folder, "failures.jsonl"), `${line}\n`);
  console.log(line.slice(0, 400));
}

function isOver(): boolean {
  return performance.now() >= endsAt || totals.seeds >= mostSeeds;
}

/** Worlds from `first` on, in a process of their own; tells how many. */
async function simulate(path: string, first: number, ms: number): Promise<number> {
  const count = Math.min(APART, Math.ceil((mostSeeds - totals.seeds) / cores));
  const args = ["--from", String(first), "--count", String(count), "--seconds", String(Math.max(1, Math.round(ms / 1_000)))];
  const { seeds, events, calls, crashes, cpuSeconds } = await runBundle(path, args, fail);
  totals.seeds += seeds;
  totals.events += events;
  totals.calls += calls;
  totals.crashes += crashes;
  totals.cpuSeconds += cpuSeconds;
  return seeds;
}

/** Calls of one client in a storm. */
const STORM_CALLS = 200;

/** Every point under every promise once, then two bad lines, and a storm. */
async function kill(path: string, round: number): Promise<void> {
  for (const point of CRASH_POINTS) {
    for (const semantics of SEMANTICS) {
      if (isOver() || totals.kills >= mostKills) return;
      const socket = round % 2 === 0 ? "unix" : "tcp";
      const { violation, seen, effects } = await killAt(path, point, semantics, socket);
      totals.kills += 1;
      if (violation !== undefined) fail({ kill: point, semantics, socket, seen, effects, violation });
    }
  }
  for (const socket of ["unix", "tcp"] as const) {
    const { violations } = await soak(from + round, socket);
    totals.soaks += 1;
    if (violations.length > 0) fail({ soak: from + round, socket, violations });
  }
  if (isOver()) return;
  const over = STORM_PATHS[round % STORM_PATHS.length] ?? "tcp";
  const { violations } = await storm(over, from + round, STORM_CALLS);
  totals.storms += 1;
  if (violations.length > 0) fail({ storm: from + round, path: over, violations });
}

/** One core's work. The first one also kills. */
async function work(core: number, simulation: string, child: string): Promise<void> {
  let next = from + core * APART;
  for (let round = 0; !isOver(); round += 1) {
    const began = performance.now();
    const kills = core === 0 && totals.kills < mostKills;
    if (kills) await kill(child, round);
    const left = endsAt - performance.now();
    if (left <= 0) return;
    const until = performance.now() + Math.min(left, kills ? SIMULATED_PER_KILLING * (performance.now() - began) : Infinity);
    while (!isOver() && performance.now() < until) {
      next += await simulate(simulation, next, Math.min(LONGEST_SLICE_MS, until - performance.now()));
    }
  }
}

const [simulation, child] = await Promise.all([bundle("test/simulation/main.ts"), bundle("test/chaos/server.child.ts")]);
console.log(`commit ${commit}, seeds from ${from}, on ${cores} ${cores === 1 ? "core" : "cores"} for ${seconds} s`);
const progress = setInterval(() => {
  const { seeds, kills, soaks, storms, violations } = totals;
  console.log(`seeds ${seeds}, kills ${kills}, bad lines ${soaks}, storms ${storms}, violations ${violations}`);
}, 60_000);
await Promise.all(Array.from({ length: cores }, (_, core) => work(core, simulation.path, child.path)));
clearInterval(progress);
simulation.remove();
child.remove();
const { seeds, events, calls, crashes, cpuSeconds, kills, soaks, storms, violations } = totals;
console.log(`seeds ${seeds} (${(seeds / cpuSeconds).toFixed(0)} a second and core), ${calls} calls, ${events} events, ${crashes} simulated crashes`);
console.log(`kill -9 ${kills}, bad lines ${soaks}, storms ${storms}`);
console.log(`violations ${violations}${violations === 0 ? "" : `: ${join(folder, "failures.jsonl")}`}`);
process.exitCode = violations === 0 ? 0 : 1;
