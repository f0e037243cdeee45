/**
 * A transport within the test: frames are copied, delivered later and in order, and can be cut, recorded, held back and
 * replaced.
 */
import type { Link, LinkReceiver, Listening, Transport } from "../../runtime/transport/transport.js";

const CONGESTED_BYTES = 64 * 1024;

export class MemoryLink implements Link {
  readonly peer = { transport: "memory", address: "memory:test" };
  readonly inPieces = true;
  other: MemoryLink | undefined;
  receiver: LinkReceiver | undefined;
  readonly sent: Uint8Array[] = [];
  /** Frames that the other end has not taken. */
  inbox: Uint8Array[] = [];
  paused = false;
  over = false;
  /** Changes or swallows what this end sends. */
  tamper: (frame: Uint8Array) => Uint8Array | undefined = (frame) => frame;
  #finishing = false;
  #wasCongested = false;
  #due = false;

  open(receiver: LinkReceiver): void {
    this.receiver = receiver;
    this.#soon();
  }

  get congested(): boolean {
    const waiting = (this.other?.inbox ?? []).reduce((sum, frame) => sum + frame.length, 0);
    if (waiting > CONGESTED_BYTES) this.#wasCongested = true;
    return waiting > CONGESTED_BYTES;
  }

  send(frame: Uint8Array): void {
    if (this.over) return;
    const tampered = this.tamper(frame.slice());
    if (tampered === undefined) return;
    this.sent.push(tampered.slice());
    this.other?.take(tampered);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#soon();
  }

  close(): void {
    if (this.over) return;
    if (this.other !== undefined) {
      this.other.#finishing = true;
      this.other.#soon();
    }
    this.#end();
  }

  abort(cause?: Error): void {
    if (this.over) return;
    this.#end(cause ?? new Error("aborted"));
    this.other?.cut();
  }

  /** As if the path broke. */
  cut(): void {
    this.#end(new Error("the path broke"));
  }

  take(frame: Uint8Array): void {
    this.inbox.push(frame);
    this.#soon();
  }

  #soon(): void {
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (this.receiver !== undefined && !this.paused && !this.over) {
      const frame = this.inbox.shift();
      if (frame === undefined) break;
      this.receiver.frame(frame);
      // Whoever kept a view of the frame beyond the call reads this.
      frame.fill(0xee);
      const { other } = this;
      if (other !== undefined && other.#wasCongested && !other.congested) {
        other.#wasCongested = false;
        other.receiver?.drained();
      }
    }
    if (this.#finishing && this.inbox.length === 0) this.#end();
  }

  #end(cause?: Error): void {
    if (this.over) return;
    this.over = true;
    setImmediate(() => this.receiver?.closed(cause));
  }
}

export interface MemoryTransport extends Transport {
  /** Both ends of each connection that was ever made. */
  readonly connections: { readonly client: MemoryLink; readonly server: MemoryLink }[];
  /** While set, dialling fails. */
  broken: boolean;
  dials: number;
}

export function memoryTransport(): MemoryTransport {
  const listeners = new Map<string, (link: Link) => void>();
  const transport: MemoryTransport = {
    scheme: "memory",
    connections: [],
    broken: false,
    dials: 0,
    async dial(address) {
      transport.dials += 1;
      const accept = listeners.get(address);
      if (accept === undefined || transport.broken) throw new Error(`${address}: nobody listens`);
      const client = new MemoryLink();
      const server = new MemoryLink();
      client.other = server;
      server.other = client;
      transport.connections.push({ client, server });
      accept(server);
      return client;
    },
    async listen(address, options): Promise<Listening> {
      if (listeners.has(address)) throw new Error(`${address}: in use`);
      listeners.set(address, options.accept);
      return {
        address,
        close: async () => void listeners.delete(address),
      };
    },
  };
  return transport;
}
