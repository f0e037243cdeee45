/** One stream of HTTP/2, for paths that let nothing else through: `h2://host:port`, and `h2s://host:port` over TLS. */
import type { TlsSides } from "../tls-options.js";
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";

export function http2({ client, server }: TlsSides = {}): Transport {
  return {
    scheme: "h2",
    secureScheme: "h2s",
    dial: (address, options) => dial(address, options, client),
    listen: (address, options) => listen(address, options, server),
  };
}
