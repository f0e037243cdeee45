/** Addresses of plain HTTP: `http://host:port`, and `https:` over TLS; calls stand below the path, if there is one. Without a port it is 80 or 443. */
import { hostAndPort, type HostAndPort } from "../transport/sockets/host-and-port.js";

export interface HttpAddress extends HostAndPort {
  readonly secure: boolean;
  /** "" or "/api": what stands before "/package.Service/method". */
  readonly prefix: string;
}

const FORM = /^(?<scheme>https?):\/\/(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<name>[\w.-]+))(?::(?<port>\d+))?(?<path>\/[!-"$->@-~]*)?$/;

/** @throws Error that names the address and how it should look. */
export function parseAddress(address: string): HttpAddress {
  const { scheme, ipv6, name, port, path = "" } = FORM.exec(address)?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined) throw new Error(`"${address}": an address of HTTP looks like http://127.0.0.1:8080 or https://example.org/api`);
  const secure = scheme === "https";
  const number = Number(port ?? (secure ? 443 : 80));
  if (number > 65535) throw new Error(`"${address}": the port is out of range; ports go up to 65535`);
  return { secure, host, port: number, prefix: path.replace(/\/+$/, "") };
}

export function formatAddress({ secure, prefix, ...where }: HttpAddress): string {
  return `${schemeOf({ secure })}://${hostAndPort(where)}${prefix}`;
}

export function schemeOf({ secure }: Pick<HttpAddress, "secure">): "http" | "https" {
  return secure ? "https" : "http";
}
