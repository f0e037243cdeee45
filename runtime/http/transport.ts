/** HTTP/1.1, through any proxy: `http:` and `https:`. Callers need not have our runtime. */
import type { ServerLimits } from "../rpc/server/server-limits.js";
import type { ServiceBinding } from "../rpc/server/service-table.js";
import { checkOrigins, type Origins } from "../transport/sockets/origin.js";
import type { TlsSides } from "../transport/sockets/tls-options.js";
import type { Transport } from "../transport/transport.js";

export interface HttpServing {
  /** Pages that may call; none without it. */
  readonly origins?: Origins | undefined;
  /** Whose calls are requests. */
  readonly services: readonly ServiceBinding[];
  readonly limits: ServerLimits;
}

/**
 * What it is made of is loaded with the first address of its kind.
 * @param serving without it, it only dials.
 * @throws TypeError if one of the origins is none.
 */
export function http(tls?: TlsSides, serving?: HttpServing): Transport {
  const allowed = checkOrigins(serving?.origins ?? []);
  return {
    scheme: "http",
    secureScheme: "https",
    dial: async (address, options) => {
      const { dial } = await import("./dial.js");
      return dial(address, options, tls?.client);
    },
    ...(serving !== undefined && {
      listen: async (address, options) => {
        const { listen } = await import("./listen.js");
        return listen(address, options, { ...serving, origins: allowed, tls: tls?.server });
      },
    }),
  };
}
