/** A shell as people have it, on a terminal of its own: what is typed is completed by the shell itself. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";

export class Terminal {
  readonly #process: ChildProcessWithoutNullStreams;
  #output = "";
  #seen = () => {};

  /** `script` gives the shell its terminal. */
  constructor(command: string, cwd: string, env: NodeJS.ProcessEnv) {
    this.#process = spawn("script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"], { cwd, env: { ...env, TERM: "dumb" } });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
      this.#seen();
    });
  }

  /** Types keys, and waits until what the shell says since then matches; gives back the first group, or all of it. */
  async type(keys: string, until: RegExp): Promise<string> {
    this.#output = "";
    this.#process.stdin.write(keys);
    for (;;) {
      const found = until.exec(this.#output);
      if (found !== null) return found[1] ?? found[0];
      if (this.#process.exitCode !== null) throw new Error(`the shell has ended:\n${this.#output}`);
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`there is no ${String(until)} in:\n${this.#output}`)), 30_000);
        this.#seen = () => (clearTimeout(timer), resolve());
      });
    }
  }

  close(): void {
    this.#process.kill();
  }
}

/** Whether a program is there. */
export function has(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined;
}
