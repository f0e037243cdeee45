/** What a client is made of, looked at when it is made: from its first call nobody would see where it came from. */
import { show } from "../wire/errors.js";
import type { Caller, SyncCaller } from "./call-options.js";

/** @throws TypeError for what carries no calls, such as the promise of a channel. */
export function callerOf<C extends Caller | SyncCaller>(channel: C): C {
  if (typeof (channel as Partial<C> | null | undefined)?.unary === "function") return channel;
  throw new TypeError(`a client takes a channel, got ${show(channel)}; is an \`await\` missing, as in \`await connect(address)\`?`);
}
