/** Addresses of TLS: `tls://host:port`. */
import { hostAndPort, parseHostAndPort, type HostAndPort } from "../sockets/host-and-port.js";

/** @throws Error that names the address and how it should look. */
export function parseAddress(address: string): HostAndPort {
  return parseHostAndPort("tls", address);
}

export function formatAddress(where: HostAndPort): string {
  return `tls://${hostAndPort(where)}`;
}
