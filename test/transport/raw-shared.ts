/** A thread that writes bytes into its ring as it likes, in the guise of a socket: for the suite of hostile peers. */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { RingWriter } from "../../runtime/transport/links/ring.js";
import { hear, openChannel, type OwnPort } from "../../runtime/transport/port/message-port.js";
import { ask } from "../../runtime/transport/port/rendezvous.js";
import { endsOf, offerIn } from "../../runtime/transport/port/shared-memory.js";
import { diallingPort } from "./port-pairs.js";

/** @param address of a pair of ports. */
export function rawShared(address: string): Socket {
  return new RawShared(address) as unknown as Socket;
}

export class RawShared extends EventEmitter {
  readonly #own: OwnPort;
  writer: RingWriter | undefined;
  control: Int32Array | undefined;
  destroyed = false;
  readableEnded = false;
  remoteFamily = undefined;

  constructor(address: string) {
    super();
    const { own, theirs } = openChannel();
    this.#own = own;
    hear(own, (message) => this.#hear(message), () => this.destroy());
    ask(diallingPort(address), theirs, { shared: true });
  }

  write(bytes: Uint8Array): void {
    if (this.destroyed || this.writer === undefined) return;
    this.writer.put(bytes);
    this.writer.publish();
    this.#own.postMessage(0);
  }

  end(bytes?: Uint8Array): void {
    if (bytes !== undefined) this.write(bytes);
    this.destroy();
  }

  resume(): void {}

  setNoDelay(): void {}

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#own.close();
    queueMicrotask(() => this.emit("close"));
  }

  #hear(message: unknown): void {
    const offer = offerIn(message);
    if (offer === undefined) {
      // Its end, or that there is something to read, which is nothing to this one.
      if (message === 1) this.destroy();
      return;
    }
    this.control = new Int32Array(offer.rings);
    this.writer = endsOf(offer.rings, 0).writer;
    this.#own.postMessage(new Int32Array(new SharedArrayBuffer(4)));
    this.emit("connect");
  }
}
