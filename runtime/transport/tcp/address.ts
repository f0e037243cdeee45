/** Addresses of TCP: `tcp://host:port`, an IPv6 address in brackets, port 0 for one that the system chooses. */

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

const FORM = /^tcp:\/\/(?:\[(?<ipv6>[0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|(?<name>[\w.-]+)):(?<port>\d+)$/;

/** @throws Error that names the address and how it should look. */
export function parseAddress(address: string): HostAndPort {
  const { ipv6, name, port } = FORM.exec(address)?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined || port === undefined) throw new Error(`"${address}": ${whatIsWrong(address)}`);
  if (Number(port) > 65535) throw new Error(`"${address}": the port is out of range; ports go up to 65535`);
  return { host, port: Number(port) };
}

function whatIsWrong(address: string): string {
  if (/^tcp:(\/\/)?:\d+$/.test(address))
    return "the host is missing; 127.0.0.1 is this host alone, 0.0.0.0 all of its addresses";
  if (/^tcp:\/\/(\[[^\]]*\]|[\w.-]+):?$/.test(address))
    return `the port is missing, as in ${address.replace(/:$/, "")}:4000`;
  if (/^tcp:\/\/[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F.]*$/.test(address))
    return "an IPv6 address stands in brackets, as in tcp://[::1]:4000";
  if (/^tcp:\/\/[^/?#]+:\d+[/?#]/.test(address)) return "nothing may follow the port";
  return "an address of TCP looks like tcp://127.0.0.1:4000 or tcp://[::1]:4000";
}

/** As people write it: "127.0.0.1:4000", "[::1]:4000". */
export function hostAndPort({ host, port }: HostAndPort): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

export function formatAddress(where: HostAndPort): string {
  return `tcp://${hostAndPort(where)}`;
}
