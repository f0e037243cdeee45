/** `@rpcgen/runtime/sync` on Node: channels for callers that cannot await. */
import type { Address } from "../rpc/address.js";
import { makeAscent } from "../rpc/client/ascent.js";
import { openBlockingChannel, type SyncChannel, type SyncConnectOptions as ChannelOptions } from "../rpc/client/blocking-channel.js";
import { BLOCKING_NAMES, checkConnectOptions } from "../rpc/client/connect-options.js";
import { hostIdentity, type TlsClientOptions } from "../transport/node-transports.js";
import { blockingTransports } from "./blocking-transports.js";

export { SyncChannel } from "../rpc/client/blocking-channel.js";
export type { SyncCaller, SyncCallOptions } from "../rpc/call-options.js";
export { pipe, type PipeAddress, type PipeOptions } from "../transport/pipe/pipe-address.js";

export interface SyncConnectOptions extends ChannelOptions {
  /** For addresses that begin with `tls:`, `wss:` or `h2s:`: whom to trust, and the certificate to show. */
  readonly tls?: TlsClientOptions | undefined;
}

/** Where a server has both, memory is waited for without a second thread in between. */
const PREFERRED = ["shm"];

/**
 * Connects to a server, at the first of the addresses that works, and returns when it has: every address that `connect` takes but `inproc:`,
 * which is in the thread that waits; a worker or port whose server listens on `sharedMemory(port)`; or `pipe({ read, write })`, two open files. Of
 * these, workers, ports, `shm:` and pipes are read by the thread itself, the others through a worker that it starts. The thread stands still in
 * each call. The channel reconnects by itself, while it is called; close it to let go of it.
 * @throws RpcError UNAVAILABLE that names the addresses and what went wrong with each; UNAUTHENTICATED if the server's certificate is not to be trusted or the server does not trust this one; INVALID_ARGUMENT
 * for an address without a transport or an option of a wrong type or an unknown name; FAILED_PRECONDITION if the server speaks another version.
 */
export function connectSync(address: Address | readonly Address[], options: SyncConnectOptions = {}): SyncChannel {
  checkConnectOptions(options, BLOCKING_NAMES);
  const { tls, ...rest } = options;
  const prefer = Array.isArray(address) ? undefined : PREFERRED;
  return openBlockingChannel(address, blockingTransports(tls), { prefer, ...rest }, makeAscent(hostIdentity()));
}
