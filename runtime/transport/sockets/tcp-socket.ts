/** What everything that runs over TCP has in common: connecting to a host, listening on one, and what the system's errors mean there. */
import type { AddressInfo, Server, Socket } from "node:net";
import type { DialOptions } from "../transport.js";
import { hostAndPort, type HostAndPort } from "./host-and-port.js";
import { bindSocket, connectSocket } from "./socket.js";

const CONNECT_REMEDIES = {
  ECONNREFUSED: "nobody listens there; is the server running, and is the port right?",
  ENOTFOUND: "the host name is unknown; check its spelling",
  EAI_AGAIN: "the host name cannot be looked up just now; check the network",
  ETIMEDOUT: "the host does not answer; a firewall may drop the connection",
  EHOSTUNREACH: "the host cannot be reached from here",
  ENETUNREACH: "the network of the host cannot be reached from here",
  EADDRNOTAVAIL: "this host cannot connect to such an address, or has no free port left",
  ECONNRESET: "the connection was broken off while it was being made",
};

const NO_SUCH_ADDRESS = "this host has no such address; 127.0.0.1 is this host alone, 0.0.0.0 all of its addresses";

const BIND_REMEDIES = {
  EADDRINUSE: "the port is in use; stop the other server, or take port 0 for one that is free",
  EACCES: "this user may not listen there; ports below 1024 are often reserved, so take a higher one",
  EADDRNOTAVAIL: NO_SUCH_ADDRESS,
  // What Deno has for it.
  EINVAL: NO_SUCH_ADDRESS,
  ENOTFOUND: "the host name is unknown; check its spelling",
  EAI_AGAIN: "the host name cannot be looked up just now; check the network",
};

/** "Every address of this host" is where a server listens; as a destination it is this host, though not on every system. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Where a connection to that address goes. @throws Error for port 0. */
export function destination(address: string, { host, port }: HostAndPort): HostAndPort {
  if (port === 0)
    throw new Error(`"${address}": port 0 is only for listening; connect to the port that the server reports`);
  return { host: LOOPBACK[host] ?? host, port };
}

/** @throws Error that names the address and the remedy. */
export function connectTcp(address: string, where: HostAndPort, options: DialOptions): Promise<Socket> {
  return connectSocket(address, { host: where.host, port: where.port }, options, CONNECT_REMEDIES);
}

/**
 * What was really bound: the number instead of the host's name, and the port that the system chose. `0.0.0.0` and `::` are reported as they
 * are, for a log must not pretend that only this host is served; dialled, they mean this host.
 * @param server one of a protocol over TCP, instead of a plain one.
 * @throws Error that names the address and the remedy.
 */
export async function bindTcp(
  address: string,
  where: HostAndPort,
  server?: Server,
): Promise<{ readonly server: Server; readonly bound: HostAndPort }> {
  const listening = await bindSocket(address, { host: where.host, port: where.port }, BIND_REMEDIES, server);
  const { address: host, port } = listening.address() as AddressInfo;
  return { server: listening, bound: { host, port } };
}

/** Whether the other end is a socket of this host, or of a relay on it: then both ends have one address. */
export function isOnThisHost({ remoteAddress, localAddress }: Socket): boolean {
  return remoteAddress !== undefined && remoteAddress === localAddress;
}

/** A peer that is gone already has no address. */
export function remoteAddress({ remoteAddress: host, remotePort: port }: Socket): string {
  return host === undefined || port === undefined ? "gone" : hostAndPort({ host, port });
}
