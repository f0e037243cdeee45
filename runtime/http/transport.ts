/** Plain HTTP/1.1, for callers without our runtime and through any proxy: `http:` and `https:`. */
import type { ServerLimits } from "../rpc/limits.js";
import type { ServiceBinding } from "../rpc/service-table.js";
import { checkOrigins, type Origins } from "../transport/origin.js";
import type { TlsSides } from "../transport/tls-options.js";
import type { Transport } from "../transport/transport.js";

export interface HttpOptions {
  readonly tls?: TlsSides | undefined;
  /** Pages that may call; none without it. */
  readonly origins?: Origins | undefined;
  /** Whose calls are requests. */
  readonly services: readonly ServiceBinding[];
  readonly limits: ServerLimits;
}

/** What it is made of is loaded with the first address of its kind. @throws TypeError if one of the origins is none. */
export function http({ tls, origins = [], services, limits }: HttpOptions): Transport {
  const allowed = checkOrigins(origins);
  return {
    scheme: "http",
    secureScheme: "https",
    dial: async (address) => {
      throw new Error(`${address}: dialling is not there yet`);
    },
    listen: async (address, options) => {
      const { listen } = await import("./listen.js");
      return listen(address, options, { services, limits, origins: allowed, tls: tls?.server });
    },
  };
}
