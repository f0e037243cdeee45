/** The host that is this process. */
import * as fs from "node:fs";
import { spawnSync } from "node:child_process";
import { ownCheckout } from "./checkout.js";
import type { Host, Ran, TextOutput, Watcher } from "./host.js";
import { reasonOf } from "./io-reason.js";

export function nodeHost(): Host {
  return { cwd: process.cwd(), env: process.env, fs, stdout: outputTo(process.stdout), stderr: outputTo(process.stderr), loadModule, run, uninterrupted, layOut, readStdin, stdin, flushed, now: () => performance.now(), watcher, checkout: ownCheckout };
}

/** Why an output takes nothing any more. That is told of at the end, and a reader that has seen enough (`| head`) is no failure. */
const failures = new Map<NodeJS.WriteStream, NodeJS.ErrnoException>();

function outputTo(stream: NodeJS.WriteStream): TextOutput {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!failures.has(stream)) failures.set(stream, error);
  });
  return { isTTY: stream.isTTY === true, write: (text) => void stream.write(text) };
}

/** Waits until all that was said is gone, and a signal that came meanwhile has done its work. Gives the reason why results are lost. */
export async function lostResults(): Promise<string | undefined> {
  await Promise.all([process.stdout, process.stderr].map(drained));
  await new Promise((resolve) => setImmediate(resolve));
  const failure = failures.get(process.stdout);
  return failure === undefined || failure.code === "EPIPE" ? undefined : reasonOf(failure).text;
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}

const watcher: Watcher = {
  watch: async (scope, onChange) => (await import("./node-watcher.js")).watchFolders(scope, onChange),
  sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  interrupted: () =>
    new Promise((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    }),
};

/** With a listener, a signal waits until nothing runs. Then it does what it would have done, unless others listen too. */
function uninterrupted<T>(work: () => T): T {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    if (process.listenerCount(signal) > 0) continue;
    process.once(signal, () => {
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
  return work();
}

async function loadModule(file: string): Promise<unknown> {
  const loader = await import("./load-module.js");
  return loader.loadModule(file);
}

async function layOut(file: string, text: string): Promise<string | undefined> {
  const { layOutWithPrettier } = await import("./user-prettier.js");
  return layOutWithPrettier(file, text);
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function* stdin(until: AbortSignal): AsyncGenerator<Uint8Array, undefined> {
  const { stdin: input } = process;
  // To ask it to return would wait for the chunk that it is waiting for.
  until.addEventListener("abort", () => input.destroy(), { once: true });
  try {
    for await (const chunk of input) yield chunk as Uint8Array;
  } catch (error) {
    if (!until.aborted) throw error;
  }
  return undefined;
}

async function flushed(): Promise<boolean> {
  await drained(process.stdout);
  return !failures.has(process.stdout) && !process.stdout.destroyed;
}

/** So much of an output is taken: an archive of schemas is far smaller. */
const LARGEST_OUTPUT = 256 * 1024 * 1024;

function run(command: string, args: readonly string[], cwd: string): Ran | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, maxBuffer: LARGEST_OUTPUT, shell: false, stdio: ["ignore", "pipe", "pipe"] });
  if (error !== undefined && "code" in error && error.code === "ENOENT") return undefined;
  if (error !== undefined) throw error;
  return { status: status ?? 1, stdout, stderr: stderr.toString("utf8") };
}
