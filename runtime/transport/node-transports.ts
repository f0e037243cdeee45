/** The transports that every Node, Bun and Deno has. A transport is a folder beside this file and a row in this table. */
import { inProcess } from "./in-process/transport.js";
import { tcp } from "./tcp/transport.js";
import { tls, type TlsSides } from "./tls/transport.js";
import type { Transport } from "./transport.js";
import { unixSocket } from "./unix-socket/transport.js";

export type { Pem, Tls, TlsClientOptions, TlsKeyPair, TlsServerOptions } from "./tls-options.js";

/** @param sides what the user says about TLS. */
export function nodeTransports(sides: TlsSides = {}): readonly Transport[] {
  return [inProcess(), unixSocket(), tcp(), tls(sides)];
}

/** Whether one of the addresses is one that TLS is for. */
export function overTls(addresses: string | readonly string[]): boolean {
  return [addresses].flat().some((address) => address.startsWith('tls:'));
}
