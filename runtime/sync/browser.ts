/** `@rpcgen/runtime/sync` in the workers of browsers: channels for callers that cannot await. */
import type { Address } from "../rpc/address.js";
import { openBlockingChannel, type SyncChannel, type SyncConnectOptions } from "../rpc/client/blocking-channel.js";
import { BLOCKING_NAMES, checkConnectOptions } from "../rpc/client/connect-options.js";
import { waitingPort } from "../transport/port/waiting-transport.js";

export { SyncChannel, type SyncConnectOptions } from "../rpc/client/blocking-channel.js";
export type { SyncCaller, SyncCallOptions } from "../rpc/call-options.js";

/**
 * Connects to a server in another thread, which listens on `sharedMemory(port)`, at the first of the ports that works, and returns when it has.
 * It takes a page that is isolated from other origins; the thread of a page itself may not wait.
 * @throws RpcError UNAVAILABLE that says what went wrong with each; INVALID_ARGUMENT for an option of a wrong type or an unknown name; FAILED_PRECONDITION if the server speaks another version.
 */
export function connectSync(port: Address | readonly Address[], options: SyncConnectOptions = {}): SyncChannel {
  checkConnectOptions(options, BLOCKING_NAMES);
  return openBlockingChannel(port, [waitingPort()], options);
}
