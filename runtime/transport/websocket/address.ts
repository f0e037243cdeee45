/** Addresses of WebSockets: `ws://host:port/path`, and `wss:` over TLS. Without a port it is 80 or 443, as on the web. */
import { hostAndPort, type HostAndPort } from "../sockets/host-and-port.js";

export interface WebSocketAddress extends HostAndPort {
  readonly secure: boolean;
  /** With its query, if it has one; "/" if none is given. */
  readonly path: string;
}

const FORM =
  /^(?<scheme>wss?):\/\/(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<name>[\w.-]+))(?::(?<port>\d+))?(?<path>\/[!-"$-~]*)?$/;

/** @throws Error that names the address and how it should look. */
export function parseAddress(address: string): WebSocketAddress {
  const { scheme, ipv6, name, port, path = "/" } = FORM.exec(address)?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined) {
    throw new Error(`"${address}": the address of a WebSocket looks like ws://127.0.0.1:4000/ or wss://example.org/rpc`);
  }
  const secure = scheme === "wss";
  const number = Number(port ?? (secure ? 443 : 80));
  if (number > 65535) throw new Error(`"${address}": the port is out of range; ports go up to 65535`);
  return { secure, host, port: number, path };
}

export function formatAddress({ secure, path, ...where }: WebSocketAddress): string {
  return `${secure ? "wss" : "ws"}://${hostAndPort(where)}${path}`;
}
