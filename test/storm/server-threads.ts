/** The server of a storm as a thread of its client's process, one after the other: whichever is terminated is followed by another, which is another address. */
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { connect, RpcError, type Channel, type ConnectOptions } from "../../runtime/index.js";
import { sharedMemory } from "../../runtime/transport/port/index.js";
import { scriptPath } from "./places.js";

const PATIENCE_MS = 30_000;

/** What reads TypeScript in the main thread does not in others. */
const PROGRAM = `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))}; register(); await import(${JSON.stringify(pathToFileURL(scriptPath("server.child.ts")).href)});`;

export class ServerThreads {
  readonly #args: readonly string[];
  readonly #options: ConnectOptions;
  /** To all that there have been: calls of one that is gone may not have ended yet. */
  readonly #channels: Channel[] = [];
  #worker: Worker | undefined;
  #up: Promise<void> = Promise.resolve();
  #serving = false;
  #ending = false;

  /** @param args of `server.child.ts`. */
  constructor(args: readonly string[], options: ConnectOptions) {
    this.#args = args;
    this.#options = options;
  }

  /** To the thread that serves now, or served last. */
  get channel(): Channel {
    const channel = this.#channels.at(-1);
    if (channel === undefined) throw new Error("no thread has been started");
    return channel;
  }

  /** Resolves when there is one that serves. */
  async up(): Promise<void> {
    await this.#up;
  }

  start(): void {
    this.#serving = false;
    this.#up = this.#start();
  }

  async #start(): Promise<void> {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`), { argv: [...this.#args], stdin: true, stdout: true });
    this.#worker = worker;
    worker.once("exit", () => {
      if (!this.#ending) this.start();
    });
    while (!this.#serving) {
      try {
        this.#channels.push(await connect(this.#args[0] === "shared:" ? sharedMemory(worker) : worker, this.#options));
        this.#serving = true;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
      }
    }
  }

  /** One that is still starting is left alone: it would never come to serve. */
  kill(): void {
    if (this.#serving) void this.#worker?.terminate();
  }

  /** Ends all in order; what is wrong with how the last one ended, if anything is. */
  async end(): Promise<string | undefined> {
    await this.#up;
    this.#ending = true;
    await Promise.all(this.#channels.map((channel) => channel.close()));
    const worker = this.#worker;
    if (worker === undefined) return undefined;
    const exited = once(worker, "exit");
    worker.stdin?.end();
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS).unref());
    const code = await Promise.race([exited, late]);
    if (code === undefined) return "the server's thread does not end by itself";
    return code[0] === 0 ? undefined : `the server's thread ended with ${String(code[0])}`;
  }
}
