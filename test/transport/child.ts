/** Runs `peer.child.ts` in a process of its own; whatever still runs at the end of a test is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

export interface Child {
  /** The first line that it prints. */
  firstLine(): Promise<string>;
  /** Its exit code, or the signal that ended it, when it is gone. */
  gone(): Promise<number | string>;
  /** kill -9. */
  kill(): void;
}

export function children(): (script: string, ...args: readonly string[]) => Child {
  const running: ChildProcess[] = [];
  afterEach(() => {
    for (const child of running.splice(0)) child.kill("SIGKILL");
  });
  return (script, ...args) => {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    running.push(child);
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    const gone = once(child, "close").then(([code, signal]) => (signal as string | null) ?? (code as number));
    return {
      async firstLine() {
        while (!printed.includes("\n")) {
          const ended = await Promise.race([gone, once(child.stdout, "data").then(() => undefined)]);
          if (ended !== undefined && !printed.includes("\n"))
            throw new Error(`the child ended with ${ended} before it said anything`);
        }
        return printed.slice(0, printed.indexOf("\n"));
      },
      gone: () => gone,
      kill: () => void child.kill("SIGKILL"),
    };
  };
}
