/** Connects over TCP. */
import { hostAndPort } from "../sockets/host-and-port.js";
import { linkOver } from "../sockets/socket.js";
import { connectTcp, destination } from "../sockets/tcp-socket.js";
import type { DialOptions, Link } from "../transport.js";
import { parseAddress } from "./address.js";

export async function dial(address: string, options: DialOptions): Promise<Link> {
  const where = destination(address, parseAddress(address));
  const socket = await connectTcp(address, where, options);
  return linkOver(socket, { transport: "tcp", address: hostAndPort(where) }, options.maxFrameBytes);
}
