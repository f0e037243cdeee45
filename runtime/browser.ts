/** `@rpcgen/runtime` in browsers: the same, with the transports that exist there. */
import type { CompletionStore } from "./idempotency/completion-store.js";
import { guards } from "./idempotency/guards.js";
import type { Address } from "./rpc/address.js";
import { openChannel, type Channel, type ConnectOptions } from "./rpc/client/channel.js";
import { checkConnectOptions } from "./rpc/client/connect-options.js";
import { checkServeOptions } from "./rpc/server/serve-options.js";
import { openServer, type ServeOptions as ServerOptions, type Server } from "./rpc/server/server.js";
import { browserTransports } from "./transport/browser-transports.js";

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
export { TrustError, type TrustFault } from "./transport/trust.js";

/**
 * Connects to a server, at the first of the addresses that works: `wss://HOST/PATH`, `ws://HOST:PORT/PATH`, `inproc:NAME`, a worker or a port. The channel reconnects by
 * itself from then on; close it to let go of it.
 * @throws RpcError UNAVAILABLE that names the addresses and what went wrong with each; INVALID_ARGUMENT for an address
 * without a transport or an option of a wrong type or an unknown name; FAILED_PRECONDITION if the server speaks another version.
 */
export async function connect(address: Address | readonly Address[], options: ConnectOptions = {}): Promise<Channel> {
  checkConnectOptions(options);
  return openChannel(address, browserTransports(), options);
}

export interface ServeOptions extends ServerOptions {
  /**
   * Where the completions of `@exactlyOnce` calls commit, together with what their handlers do through `ctx.tx`. Needed
   * by services that have such methods. Its owner closes it, after the server.
   */
  readonly store?: CompletionStore | undefined;
}

/**
 * Serves on every address of `listen`, or on none.
 * @throws Error of a transport that cannot listen; TypeError if two services have one name, an option is of a wrong type or an unknown name,
 * or a service has an `@exactlyOnce` method and there is no store that keeps its completions for long enough.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  checkServeOptions(options);
  return openServer(browserTransports(), options, guards(options.store));
}
