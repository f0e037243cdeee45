/** A peer over shared memory who writes bytes into its ring as it likes, in the guise of a socket: for the suite of hostile peers. */
import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { writeAsk } from "../../runtime/transport/shm/rendezvous.js";
import { createSegment, NONCE_BYTES, type Segment } from "../../runtime/transport/shm/segment.js";
import { loadSystem } from "../../runtime/transport/shm/system.js";

/** @param path of the socket. */
export function rawShm(path: string): Socket {
  return new RawShm(path) as unknown as Socket;
}

export class RawShm extends EventEmitter {
  readonly socket: Socket;
  segment: Segment | undefined;
  remoteFamily = undefined;

  constructor(path: string) {
    super();
    this.socket = connect({ path, allowHalfOpen: true });
    for (const event of ["end", "error", "close"]) this.socket.on(event, (value: unknown) => this.listenerCount(event) > 0 && this.emit(event, value));
    this.socket.once("connect", () => void this.#share());
  }

  get destroyed(): boolean {
    return this.socket.destroyed;
  }

  get readableEnded(): boolean {
    return this.socket.readableEnded;
  }

  write(bytes: Uint8Array): void {
    const { segment } = this;
    if (segment === undefined || this.socket.destroyed) return;
    segment.writer.put(bytes);
    segment.writer.publish();
    this.socket.write(Buffer.of(1));
  }

  end(bytes?: Uint8Array): void {
    if (bytes !== undefined) this.write(bytes);
    this.socket.end();
  }

  resume(): void {
    this.socket.resume();
  }

  setNoDelay(): void {}

  destroy(): void {
    this.socket.destroy();
    this.segment?.release();
    this.segment = undefined;
  }

  async #share(): Promise<void> {
    const nonce = Uint8Array.from(randomBytes(NONCE_BYTES));
    const system = await loadSystem();
    const { segment, file } = createSegment(system, nonce);
    this.segment = segment;
    this.socket.write(writeAsk({ file, nonce }));
    await Promise.race([once(this.socket, "data"), once(this.socket, "close")]).catch(() => {});
    system.closeFile(file);
    this.emit("connect");
  }
}
