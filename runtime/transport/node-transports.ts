/** The transports that every Node, Bun and Deno has. A transport is a folder beside this file and a row in this table. */
import { inProcess } from "./in-process/transport.js";
import { tcp } from "./tcp/transport.js";
import type { Transport } from "./transport.js";
import { unixSocket } from "./unix-socket/transport.js";

export function nodeTransports(): readonly Transport[] {
  return [inProcess(), unixSocket(), tcp()];
}
