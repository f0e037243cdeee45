/** Unix sockets: `unix:PATH`. */
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";

export function unixSocket(): Transport {
  return { scheme: "unix", dial, listen };
}
