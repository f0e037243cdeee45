/** Puts the calls of a client object into one `@failStop` session. */
import { SESSION, type Caller, type CallOptions, type SyncCaller } from "../call-options.js";
import { callerOf } from "../caller.js";
import type { AnyMethod } from "../descriptor.js";
import { FailStopSession } from "./fail-stop-session.js";

/**
 * A channel whose `@failStop` calls are one session. Generated clients of services that have any hold one.
 * @throws TypeError for what carries no calls.
 */
export function failStopSession<C extends Caller | SyncCaller>(channel: C): C {
  callerOf(channel);
  const session = new FailStopSession();
  const caller = {
    unary(method: AnyMethod, params: unknown, options?: CallOptions) {
      const ordered = method.semantics === "failStop";
      return channel.unary(method, params, ordered ? { ...options, [SESSION]: session } : options);
    },
    serverStream: channel.serverStream.bind(channel),
    clientStream: channel.clientStream.bind(channel),
    duplex: channel.duplex.bind(channel),
  };
  // What it hands on is what the channel takes and gives, whichever of the two it is.
  return caller as unknown as C;
}
