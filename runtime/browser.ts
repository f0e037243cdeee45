/** `@rpcgen/runtime` in browsers: the same, with the transports that exist there. */
import { guards } from "./idempotency/guards.js";
import { openChannel, type Channel, type ConnectOptions } from "./rpc/channel.js";
import { openServer, type ServeOptions, type Server } from "./rpc/server.js";
import { browserTransports } from "./transport/browser-transports.js";

export * from "./rpc/index.js";
export type {
  DialOptions,
  Link,
  Listening,
  LinkReceiver,
  ListenOptions,
  Peer,
  Transport,
} from "./transport/transport.js";

/**
 * Connects to a server, at the first of the addresses that works, such as `inproc:NAME`. The channel reconnects by
 * itself from then on; close it to let go of it.
 * @throws RpcError UNAVAILABLE that names the addresses and what went wrong with each; INVALID_ARGUMENT for an address
 * without a transport; FAILED_PRECONDITION if the server speaks another version.
 */
export function connect(address: string | readonly string[], options?: ConnectOptions): Promise<Channel> {
  return openChannel(address, browserTransports(), options);
}

/**
 * Serves on every address of `listen`, or on none.
 * @throws Error of a transport that cannot listen; TypeError if two services have one name.
 */
export function serve(options: ServeOptions): Promise<Server> {
  return openServer(browserTransports(), options, guards);
}
