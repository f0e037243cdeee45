/** Addresses of HTTP/2: `h2://host:port` in the clear, `h2s://host:port` over TLS. */
import { hostAndPort, parseHostAndPort, type HostAndPort } from "../sockets/host-and-port.js";

export interface Http2Address extends HostAndPort {
  readonly scheme: "h2" | "h2s";
}

/** @throws Error that names the address and how it should look. */
export function parseAddress(address: string): Http2Address {
  const scheme = address.startsWith("h2s:") ? "h2s" : "h2";
  return { scheme, ...parseHostAndPort(scheme, address) };
}

export function formatAddress(scheme: string, where: HostAndPort): string {
  return `${scheme}://${hostAndPort(where)}`;
}
