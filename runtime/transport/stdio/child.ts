/** A server as a child process: started, named in errors by how it ended, and never left behind. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { describeFailure } from "../links/failure.js";
import type { StdioCommand } from "./command.js";

const REMEDIES = {
  ENOENT: "there is no such command, or no such working directory; give the path of the program, or see to it that PATH has it",
  EACCES: "the command may not be executed; check the permissions of its file",
  ENOEXEC: "the file is no program; name the interpreter, as in stdio:node server.js",
  ENOTDIR: "a part of the path is not a directory",
  E2BIG: "the arguments or the environment are too long",
  EAGAIN: "this user may start no more processes",
  EMFILE: "this process has too many files open",
  ENOMEM: "there is no memory for another process",
};

/** From the end of its input until a child is asked to end, and from there until it is ended, in milliseconds. */
const GRACE_MS = 5_000;

/** From the end of its output until a child counts as one that goes on without it, in milliseconds. */
const EXIT_MS = 1_000;

type Process = ChildProcessByStdio<Writable, Readable, null>;

export class Child {
  readonly #process: Process;
  #end: string | undefined;
  #tellEnd: () => void = () => {};

  private constructor(process: Process) {
    this.#process = process;
    process.on("exit", (code, signal) => {
      this.#end = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      this.#tellEnd();
    });
    process.on("error", () => {});
  }

  /** @throws Error that names the address and the remedy. */
  static start(address: string, { command, args, env, cwd }: StdioCommand): Promise<Child> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => reject(describeFailure(address, error as Error, REMEDIES));
      try {
        const process = spawn(command, args, { env: environment(env), cwd, stdio: ["pipe", "pipe", "inherit"], windowsHide: true });
        process.once("error", fail);
        process.once("spawn", () => {
          process.off("error", fail);
          resolve(new Child(process));
        });
      } catch (error) {
        fail(error);
      }
    });
  }

  get input(): Writable {
    return this.#process.stdin;
  }

  get output(): Readable {
    return this.#process.stdout;
  }

  /** What became of it, as a sentence; undefined while it runs. */
  get ended(): string | undefined {
    return this.#end;
  }

  /** Resolves when it has ended, or after a second all the same. */
  whenEnded(): Promise<void> {
    if (this.#end !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(resolve, EXIT_MS);
      this.#tellEnd = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  /** Its input has ended. A child that does not end by that is asked to, then made to; until then it keeps this process running. */
  letGo(): void {
    if (this.#end !== undefined) return;
    let timer = setTimeout(() => {
      this.#signal("SIGTERM");
      timer = setTimeout(() => this.#signal("SIGKILL"), GRACE_MS);
    }, GRACE_MS);
    this.#process.once("exit", () => clearTimeout(timer));
  }

  /** By its number, for the `kill` of Deno's children signals once and never again. */
  #signal(name: NodeJS.Signals): void {
    try {
      if (this.#process.pid !== undefined) process.kill(this.#process.pid, name);
    } catch {
      // It has just ended.
    }
  }
}

function environment(own: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...process.env, ...own };
}
