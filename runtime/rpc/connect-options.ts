/** The options of `connect`, looked at before anything is made of them. */
import { show } from "../wire/errors.js";
import type { ConnectOptions } from "./channel.js";
import { RpcError } from "./errors.js";
import { faultOfInterceptors, faultOfLimits, faultOfList, type Fault } from "./option-fault.js";

/** @throws RpcError INVALID_ARGUMENT for what is of a wrong type. Times and addresses are looked at where they are used. */
export function checkConnectOptions(options: unknown): void {
  const message = faultOf(options);
  if (message !== undefined) throw new RpcError({ code: "INVALID_ARGUMENT", executed: "no", message });
}

function faultOf(options: unknown): Fault {
  if (typeof options !== "object" || options === null) return `the options of connect are ${show(options)}: give an object`;
  const { interceptors, transports, prefer, only, limits } = options as { [Name in keyof ConnectOptions]: unknown };
  return (
    faultOfInterceptors(interceptors) ??
    faultOfList("transports", transports, "transports") ??
    faultOfList("prefer", prefer, "address schemes") ??
    faultOfList("only", only, "address schemes") ??
    faultOfLimits(limits)
  );
}
