/** WebSockets on Node: `ws:` and `wss:`. */
import { checkOrigins, type Origins } from "../sockets/origin.js";
import type { TlsSides } from "../sockets/tls-options.js";
import type { Transport } from "../transport.js";
import { listen } from "./listen.js";
import { dial } from "./node-dial.js";

export interface WebSocketOptions {
  readonly tls?: TlsSides | undefined;
  /** Pages that may call; none without it. */
  readonly origins?: Origins | undefined;
}

export function webSocket({ tls, origins = [] }: WebSocketOptions = {}): Transport {
  const allowed = checkOrigins(origins);
  return {
    scheme: "ws",
    secureScheme: "wss",
    dial: (address, options) => dial(address, options, tls?.client),
    listen: (address, options) => listen(address, options, { origins: allowed, tls: tls?.server }),
  };
}
