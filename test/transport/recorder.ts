/** A receiver that keeps what it is told, and lets a test wait for it. */
import type { Link, LinkReceiver } from "../../runtime/transport/transport.js";

export class Recorder implements LinkReceiver {
  readonly frames: Uint8Array[] = [];
  bytes = 0;
  drains = 0;
  /** One entry a call of `closed`: there must never be two. */
  readonly ends: (Error | undefined)[] = [];
  /** What was called after `closed`. */
  readonly late: string[] = [];
  onFrame: (bytes: Uint8Array) => void;
  #waiting: { readonly met: () => boolean; readonly resolve: () => void }[] = [];

  /** Opens the link; frames are kept unless a test has its own use for them. */
  constructor(link: Link, onFrame?: (bytes: Uint8Array) => void) {
    this.onFrame = onFrame ?? ((bytes) => this.frames.push(bytes.slice()));
    link.open(this);
  }

  frame(bytes: Uint8Array): void {
    this.#note("frame");
    this.bytes += bytes.length;
    this.onFrame(bytes);
    this.#wake();
  }

  drained(): void {
    this.#note("drained");
    this.drains++;
    this.#wake();
  }

  closed(cause?: Error): void {
    this.#note("closed");
    this.ends.push(cause);
    this.#wake();
  }

  /** Resolves once the condition holds, which is asked after every call. */
  until(met: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ met, resolve });
      this.#wake();
    });
  }

  async end(): Promise<Error | undefined> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0];
  }

  #note(call: string): void {
    if (this.ends.length > 0) this.late.push(call);
  }

  #wake(): void {
    this.#waiting = this.#waiting.filter(({ met, resolve }) => {
      if (!met()) return true;
      resolve();
      return false;
    });
  }
}
