/** Listens on TCP. */
import { acceptSockets, closeServer } from "../sockets/socket.js";
import { bindTcp, isOnThisHost, remoteAddress } from "../sockets/tcp-socket.js";
import type { Listening, ListenOptions } from "../transport.js";
import { formatAddress, parseAddress } from "./address.js";

export async function listen(address: string, options: ListenOptions): Promise<Listening> {
  const { server, bound } = await bindTcp(address, parseAddress(address));
  const reported = formatAddress(bound);
  acceptSockets(server, reported, options, (socket) => ({ transport: "tcp", address: remoteAddress(socket), onThisHost: isOnThisHost(socket) }));
  return { address: reported, close: async () => closeServer(server) };
}
