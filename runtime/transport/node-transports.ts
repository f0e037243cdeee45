/** The transports that every Node, Bun and Deno has. A transport is a folder beside this file and a row in this table. */
import { http2 } from "./http2/transport.js";
import { inProcess } from "./in-process/transport.js";
import { messagePort } from "./port/transport.js";
import { shm } from "./shm/transport.js";
import type { TlsSides } from "./sockets/tls-options.js";
import { stdioTransport } from "./stdio/transport.js";
import { tcp } from "./tcp/transport.js";
import { tls } from "./tls/transport.js";
import type { Transport } from "./transport.js";
import { unixSocket } from "./unix-socket/transport.js";
import { webSocket } from "./websocket/node-transport.js";

export { hostIdentity } from "./sockets/host-identity.js";
export { stdio, type StdioCommand, type StdioOptions } from "./stdio/command.js";
export { type ReadableEnd, streams, type StreamPair, type StreamsOptions, type WritableEnd } from "./stdio/streams.js";
export type { Pem, Tls, TlsClientOptions, TlsKeyPair, TlsServerOptions } from "./sockets/tls-options.js";

/** What users say beside the address, for the transports that need it. */
export interface TransportOptions {
  readonly tls?: TlsSides | undefined;
  readonly origins?: readonly string[] | undefined;
}

/** @throws TypeError if one of the origins is none. */
export function nodeTransports({ tls: sides, origins }: TransportOptions = {}): readonly Transport[] {
  return [inProcess(), unixSocket(), shm(), tcp(), tls(sides), http2(sides), webSocket({ tls: sides, origins }), stdioTransport(), messagePort()];
}

/** Whether one of the addresses is one that TLS is for. */
export function overTls(addresses: unknown): boolean {
  return written(addresses).some((address) => /^(tls|wss|h2s|https):/.test(address));
}

/** Whether one of the addresses is one that pages of browsers can call. */
export function forBrowsers(addresses: unknown): boolean {
  return written(addresses).some((address) => /^(ws|http)s?:/.test(address));
}

/** Objects that are addresses are neither. */
function written(addresses: unknown): string[] {
  return [addresses].flat().filter((address) => typeof address === "string");
}
