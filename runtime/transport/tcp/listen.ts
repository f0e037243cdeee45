/** Listens on TCP. */
import type { AddressInfo, Socket } from "node:net";
import { acceptSockets, bindSocket, closeServer } from "../socket.js";
import type { Listening, ListenOptions, Peer } from "../transport.js";
import { formatAddress, hostAndPort, parseAddress } from "./address.js";

const REMEDIES = {
  EADDRINUSE: "the port is in use; stop the other server, or take port 0 for one that is free",
  EACCES: "this user may not listen there; ports below 1024 are often reserved, so take a higher one",
  EADDRNOTAVAIL: "this host has no such address; 127.0.0.1 is this host alone, 0.0.0.0 all of its addresses",
  ENOTFOUND: "the host name is unknown; check its spelling",
  EAI_AGAIN: "the host name cannot be looked up just now; check the network",
};

/**
 * Reports what was really bound: the number instead of the host's name, and the port that the system chose. `0.0.0.0` and `::` are reported
 * as they are, for a log must not pretend that only this host is served; dialled, they mean this host.
 */
export async function listen(address: string, options: ListenOptions): Promise<Listening> {
  const server = await bindSocket(address, parseAddress(address), REMEDIES);
  const bound = server.address() as AddressInfo;
  const reported = formatAddress({ host: bound.address, port: bound.port });
  acceptSockets(server, reported, options, peerOf);
  return { address: reported, close: async () => closeServer(server) };
}

/** A peer that is gone already has no address. */
function peerOf({ remoteAddress, remotePort }: Socket): Peer {
  const address =
    remoteAddress === undefined || remotePort === undefined
      ? "gone"
      : hostAndPort({ host: remoteAddress, port: remotePort });
  return { transport: "tcp", address };
}
