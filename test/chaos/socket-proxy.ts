/** A proxy of bytes between real sockets, with Toxiproxy's set of faults and what it lacks: one-way cuts, half-open ends, frames that come twice. */
import { createServer, connect, type Server, type Socket } from "node:net";
import { once } from "node:events";

export type Direction = "up" | "down";

/** What happens to the bytes of one direction; everything that is not given is as on a good line. */
export interface Toxic {
  /** Each chunk comes later by so many milliseconds. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  /** Chunks are cut into pieces of at most so many bytes. */
  readonly sliceBytes?: number;
  /** After so many bytes both ends are reset, in the middle of whatever passes. */
  readonly limitBytes?: number;
  /** After so many bytes nothing passes any more, and neither end is told. */
  readonly silentAfterBytes?: number;
  /** After so many bytes the sender's end is reset, and the receiver's stays open. */
  readonly halfOpenAfterBytes?: number;
  /** An end that closes is passed on so much later. */
  readonly slowCloseMs?: number;
  /** The frame with this number (from 0; the greeting is the first) passes twice. */
  readonly twice?: number;
}

export type Toxics = Readonly<Partial<Record<Direction, Toxic>>>;

/** Where it listens or leads: a path, or a port of this host. */
export type Place = { readonly path: string } | { readonly host: string; readonly port: number };

export class SocketProxy {
  /** Asked for each connection, by its number from 0. */
  toxicsFor: (connection: number) => Toxics = () => ({});
  connections = 0;
  /** How many bytes were let through, by the number of the connection. */
  readonly passed: Record<Direction, number>[] = [];
  readonly #server: Server;
  readonly #target: Place;
  readonly #sockets = new Set<Socket>();

  private constructor(target: Place) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  static async open(listen: Place, target: Place): Promise<SocketProxy> {
    const proxy = new SocketProxy(target);
    proxy.#server.listen(listen);
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    const toxics = this.toxicsFor(this.connections);
    const passed = { up: 0, down: 0 };
    this.passed[this.connections] = passed;
    this.connections += 1;
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => {
        reset(client);
        reset(server);
      });
    }
    void pipe(client, server, toxics.up ?? {}, (bytes) => (passed.up += bytes));
    void pipe(server, client, toxics.down ?? {}, (bytes) => (passed.down += bytes));
  }
}

/** One direction, chunk by chunk and in order. */
async function pipe(from: Socket, to: Socket, toxic: Toxic, through: (bytes: number) => void): Promise<void> {
  let passed = 0;
  const doubler = toxic.twice === undefined ? undefined : new FrameDoubler(toxic.twice);
  try {
    for await (const chunk of from as AsyncIterable<Uint8Array>) {
      for (const piece of slices(doubler === undefined ? chunk : doubler.push(chunk), toxic.sliceBytes)) {
        if (toxic.latencyMs !== undefined) await sleep(toxic.latencyMs);
        if (toxic.bytesPerSecond !== undefined) await sleep((piece.length / toxic.bytesPerSecond) * 1_000);
        const limit = Math.min(toxic.limitBytes ?? Infinity, toxic.silentAfterBytes ?? Infinity, toxic.halfOpenAfterBytes ?? Infinity);
        const room = Math.max(0, limit - passed);
        const part = piece.subarray(0, room);
        passed += part.length;
        through(part.length);
        if (part.length > 0 && !to.write(part)) await Promise.race([once(to, "drain"), once(to, "close")]);
        if (part.length === piece.length) continue;
        if (toxic.limitBytes !== undefined) reset(to);
        if (toxic.silentAfterBytes === undefined) return reset(from);
        await once(from, "close");
        return;
      }
    }
    if (toxic.slowCloseMs !== undefined) await sleep(toxic.slowCloseMs);
    to.end();
  } catch {
    reset(to);
  }
}

function slices(chunk: Uint8Array, size = Infinity): Uint8Array[] {
  if (chunk.length <= size) return chunk.length === 0 ? [] : [chunk];
  return Array.from({ length: Math.ceil(chunk.length / size) }, (_, index) => chunk.subarray(index * size, (index + 1) * size));
}

/** Cuts a connection off, so that its other end notices. */
export function reset(socket: Socket): void {
  if (socket.destroyed) return;
  // As the runtime does it, which see.
  const shutsDown = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (socket.remoteFamily === undefined || shutsDown) socket.destroy();
  else socket.resetAndDestroy();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lets whole frames through, one of them twice. */
class FrameDoubler {
  readonly #which: number;
  #waiting = Buffer.alloc(0);
  #frames = 0;

  constructor(which: number) {
    this.#which = which;
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    const out: Uint8Array[] = [];
    while (this.#waiting.length >= 4) {
      const end = 4 + this.#waiting.readUInt32LE(0);
      if (this.#waiting.length < end) break;
      const frame = this.#waiting.subarray(0, end);
      out.push(frame);
      if (this.#frames === this.#which) out.push(frame);
      this.#frames += 1;
      this.#waiting = this.#waiting.subarray(end);
    }
    return Buffer.concat(out);
  }
}
