/** The options of `connect`, looked at before anything is made of them. */
import { show } from "../../wire/errors.js";
import { faultOfNames, type NamesOf } from "../../wire/known-names.js";
import { RpcError } from "../errors.js";
import { DEFAULT_LIMITS } from "../limits.js";
import { faultOfInterceptors, faultOfLimits, faultOfList, type Fault } from "../option-fault.js";
import type { SyncConnectOptions } from "./blocking-channel.js";
import type { ConnectOptions } from "./channel.js";

/** In browsers, too, which have their own: so that what programs and pages share need not differ. */
interface WithTls {
  readonly tls?: unknown;
}

const NAMES: NamesOf<ConnectOptions & WithTls> = {
  observe: 0,
  interceptors: 0,
  transports: 0,
  prefer: 0,
  only: 0,
  timeoutMs: 0,
  connectTimeoutMs: 0,
  limits: 0,
  tls: 0,
  clock: 0,
  random: 0,
};

/** Of channels that block. */
export const BLOCKING_NAMES: NamesOf<SyncConnectOptions & WithTls> = { observe: 0, prefer: 0, only: 0, timeoutMs: 0, connectTimeoutMs: 0, limits: 0, tls: 0 };

/**
 * @param names that are taken.
 * @throws RpcError INVALID_ARGUMENT for what is of a wrong type or an unknown name. Times and addresses are looked at where they are used.
 */
export function checkConnectOptions(options: unknown, names: object = NAMES): void {
  const message = faultOf(options, names);
  if (message !== undefined) throw new RpcError({ code: "INVALID_ARGUMENT", executed: "no", message });
}

function faultOf(options: unknown, names: object): Fault {
  if (typeof options !== "object" || options === null) return `the options of connect are ${show(options)}: give an object`;
  const { interceptors, transports, prefer, only, limits } = options as { [Name in keyof ConnectOptions]: unknown };
  return (
    faultOfInterceptors(interceptors) ??
    faultOfList("transports", transports, "transports") ??
    faultOfList("prefer", prefer, "address schemes") ??
    faultOfList("only", only, "address schemes") ??
    faultOfLimits(limits, DEFAULT_LIMITS) ??
    faultOfNames("option", options, names)
  );
}
