/** `@rpcgen/runtime` on Node, Bun and Deno. */
import { http } from "./http/transport.js";
import type { CompletionStore } from "./idempotency/completion-store.js";
import { guards } from "./idempotency/guards.js";
import type { Address } from "./rpc/address.js";
import { makeAscent } from "./rpc/client/ascent.js";
import { openChannel, type Channel, type ConnectOptions as ChannelOptions } from "./rpc/client/channel.js";
import { checkConnectOptions } from "./rpc/client/connect-options.js";
import { RpcError } from "./rpc/errors.js";
import { withDefaults } from "./rpc/limits.js";
import { checkServeOptions } from "./rpc/server/serve-options.js";
import { DEFAULT_SERVER_LIMITS } from "./rpc/server/server-limits.js";
import { openServer, type ServeOptions as ServerOptions, type Server } from "./rpc/server/server.js";
import { forBrowsers, hostIdentity, nodeTransports, overTls, type Tls, type TlsClientOptions, type TlsServerOptions } from "./transport/node-transports.js";

export * from "./idempotency/index.js";
export * from "./rpc/index.js";
export type {
  DialOptions,
  Link,
  Listening,
  LinkReceiver,
  ListenOptions,
  Peer,
  PeerCertificate,
  Transport,
} from "./transport/transport.js";
export { type ReadableEnd, stdio, type StdioCommand, type StdioOptions, streams, type StreamPair, type StreamsOptions, type WritableEnd } from "./transport/node-transports.js";
export type { Pem, Tls, TlsClientOptions, TlsKeyPair, TlsServerOptions } from "./transport/node-transports.js";
export { TrustError, type TrustFault } from "./transport/trust.js";

export interface ConnectOptions extends ChannelOptions {
  /** For addresses that begin with `tls:`, `wss:`, `h2s:` or `https:`: whom to trust, and the certificate to show. */
  readonly tls?: Tls<TlsClientOptions> | undefined;
}

/**
 * Connects to a server, at the first of the addresses that works: `tcp://HOST:PORT`, `tls://HOST:PORT`, `unix:PATH`,
 * `ws://HOST:PORT/PATH`, `wss://HOST/PATH`, `h2://HOST:PORT`, `h2s://HOST:PORT`, `http://HOST:PORT/PATH`, `https://HOST/PATH`, `inproc:NAME`, `stdio:COMMAND ARGUMENT…` or what `stdio` makes, or a worker or port itself. The channel reconnects by itself from then on; close it to let go of it.
 * A server on this host that is also at a nearer address, such as a Unix socket, is called there: see `channel.path`, and `only`.
 * @throws RpcError UNAVAILABLE that names the addresses and what went wrong with each; UNAUTHENTICATED, with a TrustError
 * as its cause, if the server's certificate is not to be trusted or the server does not trust this one; INVALID_ARGUMENT
 * for an address without a transport or an option of a wrong type or an unknown name; FAILED_PRECONDITION if the server speaks another version.
 */
export async function connect(address: Address | readonly Address[], options: ConnectOptions = {}): Promise<Channel> {
  checkConnectOptions(options);
  if (options.tls !== undefined && !overTls(address)) {
    const message = `\`tls\` is given, and ${String(address)} does not use it; write tls://, wss://, h2s:// or https://`;
    throw new RpcError({ code: "INVALID_ARGUMENT", executed: "no", message });
  }
  const tls = { client: options.tls };
  return openChannel(address, [...nodeTransports({ tls }), http(tls)], options, makeAscent(hostIdentity()));
}

export interface ServeOptions extends ServerOptions {
  /** For addresses that begin with `tls:`, `wss:`, `h2s:` or `https:`: the server's certificate, and whether clients must show theirs. */
  readonly tls?: Tls<TlsServerOptions> | undefined;
  /**
   * For addresses that begin with `ws:`, `wss:`, `http:` or `https:`: the origins of pages that may call, such as "https://app.example.org";
   * "*" for all. Without it pages of browsers may not; programs, which have no origin, always may.
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * Where the completions of `@exactlyOnce` calls commit, together with what their handlers do through `ctx.tx`. Needed
   * by services that have such methods. Its owner closes it, after the server.
   */
  readonly store?: CompletionStore | undefined;
}

/**
 * Serves on every address of `listen`, or on none.
 * @throws Error of a transport that cannot listen, such as a port in use; TypeError if two services have one name,
 * an option is of a wrong type or an unknown name, `tls` is given and no address uses it, or a service has an `@exactlyOnce` method and there is no store that keeps its
 * completions for long enough.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  checkServeOptions(options);
  if (options.tls !== undefined && !overTls(options.listen)) {
    throw new TypeError(`\`tls\` is given, and ${String(options.listen)} does not use it; listen on tls://, wss://, h2s:// or https://`);
  }
  if (options.origins !== undefined && !forBrowsers(options.listen)) {
    throw new TypeError(`\`origins\` is given, and no page can call ${String(options.listen)}; listen on ws://, wss://, http:// or https://`);
  }
  const tls = { server: options.tls };
  const { services, limits, origins } = options;
  const transports = [...nodeTransports({ tls, origins }), http(tls, { origins, services, limits: withDefaults(DEFAULT_SERVER_LIMITS, limits) })];
  return openServer(transports, options, guards(options.store), hostIdentity());
}
