/** `scheme://host:port`, as TCP and what is built on it write their addresses: an IPv6 address in brackets, port 0 for one that the system chooses. */

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

const FORM = /^[a-z][a-z0-9]*:\/\/(?:\[(?<ipv6>[0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|(?<name>[\w.-]+)):(?<port>\d+)$/;

/**
 * @param scheme which the address is known to begin with.
 * @throws Error that names the address and how it should look.
 */
export function parseHostAndPort(scheme: string, address: string): HostAndPort {
  const { ipv6, name, port } = FORM.exec(address)?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined || port === undefined) throw new Error(`"${address}": ${whatIsWrong(scheme, address)}`);
  if (Number(port) > 65535) throw new Error(`"${address}": the port is out of range; ports go up to 65535`);
  return { host, port: Number(port) };
}

function whatIsWrong(scheme: string, address: string): string {
  const rest = address.slice(scheme.length + 1);
  if (/^(\/\/)?:\d+$/.test(rest))
    return "the host is missing; 127.0.0.1 is this host alone, 0.0.0.0 all of its addresses";
  if (/^\/\/(\[[^\]]*\]|[\w.-]+):?$/.test(rest))
    return `the port is missing, as in ${address.replace(/:$/, "")}:4000`;
  if (/^\/\/[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F.]*$/.test(rest))
    return `an IPv6 address stands in brackets, as in ${scheme}://[::1]:4000`;
  if (/^\/\/[^/?#]+:\d+[/?#]/.test(rest)) return "nothing may follow the port";
  return `an address of ${scheme.toUpperCase()} looks like ${scheme}://127.0.0.1:4000 or ${scheme}://[::1]:4000`;
}

/** As people write it: "127.0.0.1:4000", "[::1]:4000". */
export function hostAndPort({ host, port }: HostAndPort): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
