/** Connects over TCP. */
import { connectSocket, linkOver } from "../socket.js";
import type { DialOptions, Link } from "../transport.js";
import { hostAndPort, parseAddress } from "./address.js";

const REMEDIES = {
  ECONNREFUSED: "nobody listens there; is the server running, and is the port right?",
  ENOTFOUND: "the host name is unknown; check its spelling",
  EAI_AGAIN: "the host name cannot be looked up just now; check the network",
  ETIMEDOUT: "the host does not answer; a firewall may drop the connection",
  EHOSTUNREACH: "the host cannot be reached from here",
  ENETUNREACH: "the network of the host cannot be reached from here",
  EADDRNOTAVAIL: "this host cannot connect to such an address, or has no free port left",
  ECONNRESET: "the connection was broken off while it was being made",
};

/** "Every address of this host" is where a server listens; as a destination it is this host, though not on every system. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

export async function dial(address: string, options: DialOptions): Promise<Link> {
  const { host, port } = parseAddress(address);
  if (port === 0)
    throw new Error(`"${address}": port 0 is only for listening; connect to the port that the server reports`);
  const where = { host: LOOPBACK[host] ?? host, port };
  const socket = await connectSocket(address, where, options, REMEDIES);
  return linkOver(socket, { transport: "tcp", address: hostAndPort(where) }, options.maxFrameBytes);
}
