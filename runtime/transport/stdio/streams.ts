/** Two streams to a client that this process has at hand, such as the standard output and input of a child process. */
import type { Readable, Writable } from "node:stream";
import { PairedStream } from "../links/paired-stream.js";
import { StreamLink } from "../links/stream-link.js";
import type { Listening, ListenOptions } from "../transport.js";

/** A `Readable` of `node:stream`, told by what it has: a project for a page is checked against this file too, and knows no types of Node. */
export interface ReadableEnd {
  readonly readableFlowing: boolean | null;
  read(size?: number): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** A `Writable` of `node:stream`, in the same way. */
export interface WritableEnd {
  readonly writableLength: number;
  cork(): void;
  uncork(): void;
  end(): unknown;
}

export interface StreamsOptions {
  /** What the client writes. */
  readonly readable: ReadableEnd;
  /** What the client reads. */
  readonly writable: WritableEnd;
}

/** An address for `serve`, made by `streams`. */
export class StreamPair {
  readonly readable: ReadableEnd;
  readonly writable: WritableEnd;
  taken = false;

  constructor({ readable, writable }: StreamsOptions) {
    this.readable = readable;
    this.writable = writable;
  }
}

/** The address of the one client at the other ends of two streams: `serve({ listen: streams({ readable: child.stdout, writable: child.stdin }) })`. */
export function streams(options: StreamsOptions): StreamPair {
  return new StreamPair(options);
}

/** @throws Error if the streams are taken already. */
export async function listenOn(address: string, pair: StreamPair, options: ListenOptions): Promise<Listening> {
  if (pair.taken) throw new Error(`${address}: the streams are in use; they lead to one client`);
  pair.taken = true;
  const stream = new PairedStream({
    readable: pair.readable as Readable,
    writable: pair.writable as Writable,
    closed: () => void options.over?.(),
  });
  const link = new StreamLink(stream, {
    peer: { transport: "stdio", address },
    maxFrameBytes: options.maxFrameBytes,
    destroy: () => void stream.destroy(),
    ended: () => "the client's stream has ended without a goodbye; its process may have died",
  });
  let open = true;
  setImmediate(() => {
    if (open) options.accept(link);
  });
  return {
    address,
    close: async () => {
      open = false;
    },
  };
}
