/** Shared memory between processes of one host: `shm:PATH`. */
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";

/** Needs Linux, Node and the package `koffi`, which is loaded with the first address of this kind. */
export function shm(): Transport {
  return { scheme: "shm", dial, listen };
}
