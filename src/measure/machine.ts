/** On what a figure was measured: without it a figure means nothing. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, type } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** The CPUs that this process may run on, as the system writes them; undefined where it does not say. */
  readonly pinnedTo: string | undefined;
  /** Processes that wanted to run, over the last minute, before the measurement began. */
  readonly load: number;
  readonly system: string;
  readonly node: string;
  readonly at: string;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    pinnedTo: allowedCpus(),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    system: `${type()} ${release()}`,
    node: process.version,
    at: new Date().toISOString(),
  };
}

function allowedCpus(): string | undefined {
  try {
    return /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
