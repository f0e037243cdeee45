/** What an address of this kind is: a port, and whether memory is to be shared over it. */
import type { Link, Peer } from "../transport.js";
import type { Asked } from "./rendezvous.js";
import { isPort, type OwnPort, type PortLike } from "./message-port.js";

/** How links over shared memory are made. It comes with the address, so that who shares nothing need not have the code for it. */
export interface SharedLinks {
  /** Why this thread cannot share memory, if so. */
  obstacle(): string | undefined;
  /** Shares memory with who asked for it over a port of its own, and calls back when that is so. */
  share(own: OwnPort, asked: Asked, peer: Peer, maxFrameBytes: number, accept: (link: Link) => void): void;
  /** Takes what was offered; undefined if the message is no offer. What comes after it on the port is the link's. */
  take(message: unknown, own: OwnPort, peer: Peer, maxFrameBytes: number): (() => Link) | undefined;
}

/** Under it a `SharedPort` carries its links. The same in all copies of the runtime. */
const LINKS: unique symbol = Symbol.for("@rpcgen/runtime.sharedLinks");

/** An address for `connect` and `serve`, made by `sharedMemory`. */
export interface SharedPort {
  readonly port: PortLike;
  readonly [LINKS]: SharedLinks;
}

export function sharedPort(port: PortLike, links: SharedLinks): SharedPort {
  return { port, [LINKS]: links };
}

export interface PortAddress {
  readonly port: PortLike;
  readonly links: SharedLinks | undefined;
}

/** Undefined for what is no such address. */
export function portAddressOf(object: object): PortAddress | undefined {
  if (isPort(object)) return { port: object, links: undefined };
  const { port, [LINKS]: links } = object as Partial<SharedPort>;
  return links !== undefined && isPort(port) ? { port, links } : undefined;
}
