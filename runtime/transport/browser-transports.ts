/** The transports that exist in browsers; nothing that is imported from here may reach a `node:` module. */
import { inProcess } from "./in-process/transport.js";
import type { Transport } from "./transport.js";
import { webSocket } from "./websocket/transport.js";

export function browserTransports(): readonly Transport[] {
  return [webSocket(), inProcess()];
}
