/** TCP: `tcp://host:port`. */
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";

export function tcp(): Transport {
  return { scheme: "tcp", dial, listen };
}
