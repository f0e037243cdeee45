/** TLS over TCP: `tls://host:port`. */
import type { TlsSides } from "../sockets/tls-options.js";
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";

export function tls({ client, server }: TlsSides = {}): Transport {
  return {
    scheme: "tls",
    dial: (address, options) => dial(address, options, client),
    listen: (address, options) => listen(address, options, server),
  };
}
