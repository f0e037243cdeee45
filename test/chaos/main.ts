/**
 * `npm run chaos`: the long form. Simulated seeds on all cores, and beside them kill -9 of real servers and calls over bad lines, for
 * `--seconds N` (default 600) or until `--seeds N`. Prints seeds, rate, kills and violations; writes what failed, with the commit, into
 * `.chaos/`. Exits 1 if anything did.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SEMANTICS } from "../../src/semantics/promises.js";
import { bundle, root } from "../simulation/bundle.js";
import { runBundle } from "../simulation/run-bundle.js";
import { killAt } from "./kill.js";
import { CRASH_POINTS } from "./kill-points.js";
import { soak } from "./soak.js";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    seeds: { type: "string", default: "1000000000" },
    from: { type: "string" },
    kills: { type: "string", default: "1000000000" },
  },
});
const seconds = Number(values.seconds);
/** Other seeds at each run, unless it is said where to begin. */
const from = values.from === undefined ? Math.floor(Date.now() / 1_000) * 1_000 : Number(values.from);
const endsAt = performance.now() + seconds * 1_000;
const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim();
const folder = join(root, ".chaos");
mkdirSync(folder, { recursive: true });

const totals = { seeds: 0, events: 0, calls: 0, crashes: 0, cpuSeconds: 0, kills: 0, soaks: 0, violations: 0 };

function fail(what: object): void {
  totals.violations += 1;
  const line = JSON.stringify({ commit, ...what });
  appendFileSync(join(folder, "failures.jsonl"), `${line}\n`);
  console.log(line.slice(0, 400));
}

async function simulate(path: string): Promise<void> {
  const processes = availableParallelism();
  const count = Math.ceil(Number(values.seeds) / processes);
  const lane = async (index: number): Promise<void> => {
    const args = ["--from", String(from + index * 100_000_000), "--count", String(count), "--seconds", String(seconds)];
    const { seeds, events, calls, crashes, cpuSeconds } = await runBundle(path, args, fail);
    totals.seeds += seeds;
    totals.events += events;
    totals.calls += calls;
    totals.crashes += crashes;
    totals.cpuSeconds += cpuSeconds;
  };
  await Promise.all(Array.from({ length: processes }, (_, index) => lane(index)));
}

async function kill(path: string): Promise<void> {
  for (let round = 0; ; round += 1) {
    for (const point of CRASH_POINTS) {
      for (const semantics of SEMANTICS) {
        if (performance.now() >= endsAt || totals.kills >= Number(values.kills)) return;
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
  }
}

const [simulation, child] = await Promise.all([bundle("test/simulation/main.ts"), bundle("test/chaos/server.child.ts")]);
console.log(`commit ${commit}, seeds from ${from}, on ${availableParallelism()} cores for ${seconds} s`);
const progress = setInterval(() => console.log(`kills ${totals.kills}, bad lines ${totals.soaks}, violations ${totals.violations}`), 60_000);
await Promise.all([simulate(simulation.path), kill(child.path)]);
clearInterval(progress);
simulation.remove();
child.remove();
const { seeds, events, calls, crashes, cpuSeconds, kills, soaks, violations } = totals;
console.log(`seeds ${seeds} (${(seeds / cpuSeconds).toFixed(0)} a second and core), ${calls} calls, ${events} events, ${crashes} simulated crashes`);
console.log(`kill -9 ${kills}, bad lines ${soaks}`);
console.log(`violations ${violations}${violations === 0 ? "" : `: ${join(folder, "failures.jsonl")}`}`);
process.exitCode = violations === 0 ? 0 : 1;
