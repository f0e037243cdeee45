/** The server processes of a storm, one after the other: whoever is killed is followed by another. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scriptPath, TSX } from "./places.js";

export interface ServerProcesses {
  /** Of the one that serves now, or served last. */
  readonly pid: number | undefined;
  /** Without a word. */
  kill(): void;
  /** Resolves when there is one. */
  up(): Promise<void>;
  /** Ends it in order; what is wrong with how it ended, if anything is. */
  end(): Promise<string | undefined>;
}

const PATIENCE_MS = 30_000;

export class StartedServers implements ServerProcesses {
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;
  #ready: Promise<unknown> = Promise.resolve();
  #ending = false;

  /** @param args of `server.child.ts`. */
  constructor(...args: readonly string[]) {
    this.#args = args;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  kill(): void {
    signal(this.pid, "SIGKILL");
  }

  async up(): Promise<void> {
    await this.#ready;
  }

  async end(): Promise<string | undefined> {
    this.#ending = true;
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return "the server is not there any more";
    child.stdin?.end();
    const exited = await Promise.race([once(child, "exit"), pause(PATIENCE_MS)]);
    if (exited !== undefined) return child.exitCode === 0 ? undefined : `the server ended with ${child.exitCode ?? child.signalCode}`;
    child.kill("SIGKILL");
    return "the server does not end by itself";
  }

  #start(): void {
    const child = spawn(process.execPath, [...TSX, scriptPath("server.child.ts"), ...this.#args], { stdio: ["pipe", "pipe", "inherit"] });
    this.#process = child;
    this.#ready = Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    child.once("exit", () => {
      if (!this.#ending) this.#start();
    });
  }
}

/** Those that the client starts, by what they leave in the folder. */
export class ClientsServers implements ServerProcesses {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get pid(): number | undefined {
    return this.#pids().at(-1);
  }

  kill(): void {
    signal(this.pid, "SIGKILL");
  }

  async up(): Promise<void> {}

  async end(): Promise<string | undefined> {
    for (let look = 0; look < PATIENCE_MS; look += 100) {
      if (!this.#pids().some((pid) => existsSync(`/proc/${pid}`))) return undefined;
      await pause(100);
    }
    return "a server is left behind";
  }

  #pids(): number[] {
    const log = join(this.#folder, "server.log");
    return existsSync(log) ? [...readFileSync(log, "utf8").matchAll(/^(\d+) serves/gm)].map(([, pid]) => Number(pid)) : [];
  }
}

/** Those that are threads of the client, which it looks after itself. */
export class ClientsThreads implements ServerProcesses {
  readonly pid = undefined;
  readonly #client: ChildProcess;

  constructor(client: ChildProcess) {
    this.#client = client;
  }

  kill(): void {
    this.#client.stdin?.write("kill\n");
  }

  async up(): Promise<void> {}

  async end(): Promise<string | undefined> {
    return undefined;
  }
}

export function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

export function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
