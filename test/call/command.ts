/** Runs `rpcgen call`, in this process with its own streams, or as a process. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { main } from "../../src/cli/main.js";
import { nodeHost } from "../../src/cli/node-host.js";

const LAUNCHER = fileURLToPath(new URL("../../src/cli/bin.mjs", import.meta.url));
const SERVER = fileURLToPath(new URL("server.child.ts", import.meta.url));
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const host = nodeHost();

/** Over real connections; only where the words come from and go to is not the process. */
export async function call(argv: readonly string[], { stdin = "", cwd = ROOT } = {}): Promise<Said> {
  const said = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({ isTTY: false, write: (text: string) => void (said[name] += text) });
  const exitCode = await main(["call", ...argv], {
    ...host,
    cwd,
    env: { NO_COLOR: "1" },
    stdout: output("stdout"),
    stderr: output("stderr"),
    watcher: { ...host.watcher, interrupted: () => new Promise(() => {}) },
    readStdin: async () => Buffer.from(stdin),
    stdin: async function* () {
      yield Buffer.from(stdin);
    },
  });
  return { exitCode, ...said };
}

export interface Running {
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly said: { stdout: string; stderr: string };
  /** Resolves when that holds a text. */
  until(stream: "stdout" | "stderr", text: string): Promise<void>;
  /** Its exit code, or the signal that ended it. */
  readonly gone: Promise<number | string>;
}

export function callProcess(...argv: readonly string[]): Running {
  return running([LAUNCHER, "call", ...argv]);
}

/** The server of orders.idl in a process of its own, with its addresses. */
export async function ordersServer(...listen: readonly string[]): Promise<Running & { readonly addresses: readonly string[] }> {
  const server = running(["--import", "tsx", SERVER, ...listen]);
  await server.until("stderr", "\n");
  return { ...server, addresses: server.said.stderr.split("\n")[0]?.split(" ") ?? [] };
}

function running(argv: readonly string[]): Running {
  const child = spawn(process.execPath, argv, { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" }, stdio: "pipe" });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
  const gone = once(child, "close").then(([code, signal]) => (signal as string | null) ?? (code as number));
  const until = async (stream: "stdout" | "stderr", text: string): Promise<void> => {
    while (!said[stream].includes(text)) {
      const ended = await Promise.race([gone, once(child[stream], "data").then(() => undefined)]);
      if (ended !== undefined && !said[stream].includes(text)) throw new Error(`it ended (${ended}) and had said ${JSON.stringify(said)}`);
    }
  };
  return { process: child, said, until, gone };
}

/** Ends a process with the test. */
export function endWithTest({ process: child }: Running): void {
  onTestFinished(() => void child.kill("SIGKILL"));
}
