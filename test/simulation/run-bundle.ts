/** Runs a bundle of the simulation in a process of its own. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Tally } from "./many-seeds.js";
import type { Violation } from "./sim-world.js";

export interface Failure {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

export interface Outcome extends Omit<Tally, "failed"> {
  readonly failures: readonly Failure[];
}

/** @throws Error if it ends without a sum: it crashed. */
export async function runBundle(path: string, args: readonly string[], onFailure?: (failure: Failure) => void): Promise<Outcome> {
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const failures: Failure[] = [];
  let totals: Omit<Tally, "failed"> | undefined;
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  for await (const line of createInterface({ input: child.stdout })) {
    const parsed = JSON.parse(line) as Failure | Omit<Tally, "failed">;
    if ("seed" in parsed) {
      failures.push(parsed);
      onFailure?.(parsed);
    } else totals = parsed;
  }
  if (totals === undefined) throw new Error(`the simulation ended without a sum: ${said}`);
  return { ...totals, failures };
}
