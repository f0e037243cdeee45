/** Runs a script of this folder in a process of its own; whatever still runs at the end of a test is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

export interface Child {
  /** What it printed so far, by lines. */
  lines(): readonly string[];
  /** One of the lines that it prints, from 0, as soon as it is there. */
  line(index: number): Promise<string>;
  /** Its exit code, or the signal that ended it, when it is gone. */
  gone(): Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** Its standard input ends. */
  endInput(): void;
  /** The processor time that it has used, in the system's ticks; Linux alone tells. */
  ticks(): number;
}

export function children(): (script: string, ...args: readonly string[]) => Child {
  const running: ChildProcess[] = [];
  afterEach(() => {
    for (const { pid, exitCode, signalCode } of running.splice(0)) if (pid !== undefined && exitCode === null && signalCode === null) process.kill(pid, "SIGKILL");
  });
  return (script, ...args) => {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const child = spawn(process.execPath, [...scriptArguments(path), ...args], { stdio: ["pipe", "pipe", "inherit"] });
    running.push(child);
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    const lines = (): string[] => printed.split("\n").slice(0, -1);
    const gone = once(child, "close").then(([code, signal]) => (signal as string | null) ?? (code as number));
    return {
      lines,
      async line(index) {
        for (;;) {
          const line = lines()[index];
          if (line !== undefined) return line;
          const ended = await Promise.race([gone, once(child.stdout, "data").then(() => undefined)]);
          if (ended !== undefined && lines().length <= index)
            throw new Error(`it ended (${ended}) after ${lines().length} lines`);
        }
      },
      gone: () => gone,
      // By its number: Deno's own `kill` signals a child once.
      signal: (name) => void (child.exitCode === null && child.pid !== undefined && process.kill(child.pid, name)),
      endInput: () => void child.stdin.end(),
      ticks() {
        const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
        return Number(fields[11]) + Number(fields[12]);
      },
    };
  };
}

/** What makes the runtime that runs this run a script in TypeScript: Bun does by itself. */
export function scriptArguments(path: string): readonly string[] {
  if (process.versions["bun"] !== undefined) return [path];
  if (process.versions["deno"] !== undefined) return ["run", "--allow-all", "--sloppy-imports", "--no-check", path];
  return ["--import", import.meta.resolve("tsx"), path];
}
