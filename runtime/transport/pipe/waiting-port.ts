/** Two open files as the way of a thread that waits: it reads and writes them itself, and naps in between. */
import { fstatSync, readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { BytePort } from "../links/byte-port.js";
import { describeFailure } from "../links/failure.js";
import { newWord } from "../links/thread-bell.js";
import type { Peer } from "../transport.js";
import type { PipeAddress } from "./pipe-address.js";

/** How often to look before the first nap. */
const BUSY_LOOKS = 10;

/** Of naps, in milliseconds: each is twice as long as the one before. Node cannot wait for a file and for a time at once. */
const FIRST_NAP_MS = 0.05;
const LONGEST_NAP_MS = 2;

const REMEDIES = {
  EBADF: "this process has no such file open; what started it gives it one, as in spawn(…, { stdio: [\"inherit\", \"inherit\", \"inherit\", \"pipe\"] })",
  EPIPE: "the other end is gone",
  ECONNRESET: "the other end is gone",
};

export class WaitingPipePort implements BytePort {
  readonly peer: Peer;
  readonly #read: number;
  readonly #write: number;
  /** They make the files such that nothing waits for them in the system. */
  readonly #sockets: readonly Socket[];
  readonly #cell = newWord();
  /** What a look found, for the read that follows. */
  #ahead: Uint8Array | undefined;
  readonly #space = new Uint8Array(64 * 1024);
  #ended = false;
  #failure: unknown;

  /** @throws Error whose message names the address and the remedy. */
  constructor(address: string, pair: PipeAddress) {
    if (pair.taken) throw new Error(`${address}: the files are in use, or were; they lead to one server, and once it is gone to none`);
    const { read, write } = pair;
    this.peer = { transport: "pipe", address };
    this.#read = read;
    this.#write = write;
    try {
      this.#sockets = [...new Set([read, write])].map((fd) => {
        fstatSync(fd);
        // One that is not to be read by Node leaves what comes where it is.
        const socket = new Socket({ fd, readable: false, writable: true });
        socket.on("error", () => {});
        return socket.unref();
      });
    } catch (error) {
      const why = "it takes pipes or sockets; a terminal or a file leads to no server";
      throw new Error(`${address}: ${REMEDIES[codeOf(error) as keyof typeof REMEDIES] ?? why}`, { cause: error });
    }
    pair.taken = true;
    // What this process prints would be read as frames.
    if (write === 1) process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  }

  write(bytes: Uint8Array): number {
    return this.#unlessBusy(() => writeSync(this.#write, bytes)) ?? 0;
  }

  read(target: Uint8Array): number {
    const ahead = this.#ahead;
    if (ahead !== undefined) {
      target.set(ahead);
      this.#ahead = undefined;
      return ahead.length;
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) throw new Error(`${this.peer.address}: the connection ended without a goodbye; the peer's process may have died`);
    const length = this.#unlessBusy(() => readSync(this.#read, target));
    if (length === 0) this.#ended = true;
    return length ?? 0;
  }

  wait(ms: number, forRoom: boolean): void {
    const until = performance.now() + ms;
    for (let looks = 0, nap = FIRST_NAP_MS; ; looks += 1) {
      if (this.#look()) return;
      if (looks < BUSY_LOOKS) continue;
      const left = until - performance.now();
      if (left <= 0 || (forRoom && looks > BUSY_LOOKS)) return;
      Atomics.wait(this.#cell, 0, 0, Math.min(nap, left));
      nap = Math.min(LONGEST_NAP_MS, nap * 2);
    }
  }

  release(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Whether there is something for the read that follows. */
  #look(): boolean {
    try {
      const length = this.#unlessBusy(() => readSync(this.#read, this.#space));
      if (length === undefined) return false;
      if (length === 0) this.#ended = true;
      else this.#ahead = this.#space.subarray(0, length);
    } catch (error) {
      this.#failure = error;
    }
    return true;
  }

  /** Undefined where the system would have to wait. @throws Error that the other end is gone. */
  #unlessBusy(run: () => number): number | undefined {
    try {
      return run();
    } catch (error) {
      const code = codeOf(error);
      if (code === "EAGAIN" || code === "EINTR") return undefined;
      throw describeFailure(this.peer.address, error as Error, REMEDIES);
    }
  }
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? "";
}
