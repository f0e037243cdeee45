/** Connects over TLS. */
import { hostAndPort } from "../sockets/host-and-port.js";
import { destination } from "../sockets/tcp-socket.js";
import { connectTls } from "../sockets/tls-client.js";
import type { Tls, TlsClientOptions } from "../sockets/tls-options.js";
import type { DialOptions, Link } from "../transport.js";
import { parseAddress } from "./address.js";
import { linkOverTls, PROTOCOL } from "./link.js";

export async function dial(
  address: string,
  options: DialOptions,
  tls: Tls<TlsClientOptions> | undefined,
): Promise<Link> {
  const where = destination(address, parseAddress(address));
  const socket = await connectTls(address, where, PROTOCOL, tls, options);
  return linkOverTls(socket, { transport: "tls", address: hostAndPort(where) }, options.maxFrameBytes);
}
