/** Starts the city's services, each a process of its own, and ends them. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface ServiceProcess {
  readonly address: string;
  readonly pid: number;
  /** Ends it without warning, as a crash or a power cut would. */
  kill(): Promise<void>;
}

/** Runs `<name>.ts` and waits for its address, the first line that it prints. */
export async function start(name: string, ...args: string[]): Promise<ServiceProcess> {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { stdout, pid } = child;
  if (stdout === null || pid === undefined) throw new Error(`${name} did not start`);
  const ended = once(child, "exit");
  const address = await Promise.race([
    once(createInterface(stdout), "line").then(([line]) => String(line)),
    ended.then(() => {
      throw new Error(`${name} ended before it said where it listens`);
    }),
  ]);
  return {
    address,
    pid,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
