/**
 * What stands between a session of `node:http2` and its socket. While a write is under way, such a session reads nothing; two that write more
 * than the kernel holds would wait for each other for ever. So a write counts as done at once.
 */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { WINDOW_BYTES } from "./stream.js";

/** Flow control lets a session have one window under way; beyond it there are only answers to a peer that asks and does not read. */
const MOST_BYTES = WINDOW_BYTES + (1 << 20);

export class WriteBehind extends Duplex {
  readonly #socket: Socket;
  #waiting: (() => void) | undefined;

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.pause();
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
    socket.on("drain", () => this.#goOn());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: unknown, written: () => void): void {
    this.#socket.write(chunk);
    this.#settle(written);
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], written: () => void): void {
    this.#socket.cork();
    for (const { chunk } of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
    this.#settle(written);
  }

  override _final(ended: () => void): void {
    this.#socket.end();
    ended();
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    this.#goOn();
    this.#socket.destroy();
    destroyed(error);
  }

  #settle(written: () => void): void {
    if (this.#socket.writableLength <= MOST_BYTES) written();
    else this.#waiting = written;
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}
