/** One stream of HTTP/2, for paths that let nothing else through: `h2://host:port`, and `h2s://host:port` over TLS. */
import type { TlsSides } from "../sockets/tls-options.js";
import type { Transport } from "../transport.js";

/** Node's HTTP/2 is loaded with the first address of this kind: it would take a tenth of the time in which all else of the runtime is. */
export function http2({ client, server }: TlsSides = {}): Transport {
  return {
    scheme: "h2",
    secureScheme: "h2s",
    dial: async (address, options) => (await import("./dial.js")).dial(address, options, client),
    listen: async (address, options) => (await import("./listen.js")).listen(address, options, server),
  };
}
