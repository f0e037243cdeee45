/** Within one process: `inproc:NAME`. The codecs run as on every other path; only the bytes stay where they are. */
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";

export function inProcess(): Transport {
  return { scheme: "inproc", dial, listen };
}
