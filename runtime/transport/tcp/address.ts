/** Addresses of TCP: `tcp://host:port`. */
import { hostAndPort, parseHostAndPort, type HostAndPort } from "../sockets/host-and-port.js";

/** @throws Error that names the address and how it should look. */
export function parseAddress(address: string): HostAndPort {
  return parseHostAndPort("tcp", address);
}

export function formatAddress(where: HostAndPort): string {
  return `tcp://${hostAndPort(where)}`;
}
