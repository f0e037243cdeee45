/** WebSockets in browsers: `ws:` and `wss:`, for clients. */
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";

export function webSocket(): Transport {
  return { scheme: "ws", secureScheme: "wss", dial };
}
