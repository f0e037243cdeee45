/** Runs the suite on one runtime, and tells what came of each of its tests. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Runtime } from "./runtimes.js";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type Result = "passed" | "failed" | "skipped";

export interface SuiteRun {
  /** By "file > full name". */
  readonly tests: ReadonlyMap<string, Result>;
  /** Why they failed, by the same, and by file for one that could not be loaded. */
  readonly failures: ReadonlyMap<string, string>;
  /** What it printed. */
  readonly output: string;
  /** It did not come to its end in time: nothing is known of its tests. */
  readonly late: boolean;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** @param options of vitest: the files, and which of their tests. */
export async function runSuite(runtime: Runtime, options: readonly string[], seconds: number): Promise<SuiteRun> {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-runtimes-"));
  const report = join(folder, "report.json");
  try {
    const excluded = runtime.lacks.flatMap((lack) => lack.files ?? []).map((file) => `--exclude=**/test/${file}`);
    const [program = "", ...before] = runtime.command;
    const args = [...before, "run", "--config", runtime.config, "--reporter=json", `--outputFile=${report}`, ...excluded, ...options];
    const { output, late } = await run(program, args, seconds);
    return { ...(late ? { tests: new Map(), failures: new Map() } : resultsOf(report)), output, late };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a group of its own, so that whatever it started ends with it. */
async function run(program: string, args: readonly string[], seconds: number): Promise<{ output: string; late: boolean }> {
  // Suites leave themselves out where something is missing, which CI=true would make a failure: the caller counts them.
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, CI: "", NO_COLOR: "1" }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  let late = false;
  const kill = (): void => void (child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, "SIGKILL"));
  const stop = (): never => {
    kill();
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, seconds * 1000);
  await new Promise<void>((resolve, reject) => child.on("error", reject).on("close", () => resolve()));
  clearTimeout(timer);
  process.off("SIGINT", stop).off("SIGTERM", stop);
  return { output, late };
}

function resultsOf(path: string): Pick<SuiteRun, "tests" | "failures"> {
  const tests = new Map<string, Result>();
  const failures = new Map<string, string>();
  const { testResults } = reportAt(path);
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative(ROOT, name);
    if (status === "failed" && assertionResults.length === 0) failures.set(file, message);
    const times = new Map<string, number>();
    for (const test of assertionResults) {
      // Rows of a table may bear one name.
      const count = (times.get(test.fullName) ?? 0) + 1;
      times.set(test.fullName, count);
      const key = `${file} > ${test.fullName}${count === 1 ? "" : ` (${count})`}`;
      tests.set(key, test.status === "passed" || test.status === "failed" ? test.status : "skipped");
      if (test.status === "failed") failures.set(key, test.failureMessages?.[0] ?? "");
    }
  }
  return { tests, failures };
}

function reportAt(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Report;
  } catch {
    return { testResults: [] };
  }
}
