/** Listeners and links that a test opens, all closed behind it. */
import { afterEach } from "vitest";
import type { Link, Listening, Transport } from "../../runtime/transport/transport.js";
import { sameBytes } from "../../runtime/wire/same-bytes.js";
import type { TransportRow } from "./all.js";

export const MAX_FRAME_BYTES = 8 * 1024 * 1024;

export interface Pair {
  readonly client: Link;
  readonly server: Link;
  readonly listening: Listening;
}

export interface Session {
  listen(accept: (link: Link) => void, address?: string): Promise<Listening>;
  dial(address: string, signal?: AbortSignal): Promise<Link>;
  /** A listener and one link to it, neither side opened. */
  pair(): Promise<Pair>;
}

export function session({ transport, freshAddress }: TransportRow): Session {
  const links: Link[] = [];
  const listeners: Listening[] = [];
  afterEach(async () => {
    for (const link of links.splice(0)) link.abort();
    for (const listening of listeners.splice(0)) await listening.close();
  });
  const self: Session = {
    async listen(accept, address = freshAddress()) {
      const listening = await listenOn(transport, address, (link) => {
        links.push(link);
        accept(link);
      });
      listeners.push(listening);
      return listening;
    },
    async dial(address, signal = new AbortController().signal) {
      const link = await transport.dial(address, { signal, maxFrameBytes: MAX_FRAME_BYTES });
      links.push(link);
      return link;
    },
    async pair() {
      let accept: (link: Link) => void = () => {};
      const accepted = new Promise<Link>((resolve) => (accept = resolve));
      const listening = await self.listen((link) => accept(link));
      const client = await self.dial(listening.address);
      return { client, server: await accepted, listening };
    },
  };
  return self;
}

function listenOn(transport: Transport, address: string, accept: (link: Link) => void): Promise<Listening> {
  if (transport.listen === undefined) throw new Error(`${transport.scheme} cannot listen`);
  return transport.listen(address, {
    maxFrameBytes: MAX_FRAME_BYTES,
    accept,
    failed: (cause) => {
      throw cause;
    },
  });
}

/** Bytes that tell where they stand, so that a frame which is cut, moved or mixed up is noticed. */
export function patterned(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 31 + (index >>> 8) * 17 + seed) & 0xff;
  return bytes;
}

/** Quicker than `toEqual` on megabytes. */
export function same(actual: Uint8Array | undefined, expected: Uint8Array): boolean {
  return actual !== undefined && sameBytes(actual, expected);
}

/** Lets everything that is due happen, timers and sockets included. */
export function turns(count = 1): Promise<void> {
  return new Promise((resolve) => {
    const next = (left: number): void => void (left === 0 ? resolve() : setTimeout(next, 1, left - 1));
    next(count);
  });
}
