/** `@rpcgen/runtime/threads`: memory that threads share as the way of their calls. */
import type { PortLike } from "./message-port.js";
import { sharedPort, type SharedPort } from "./port-address.js";
import { sharedLinks } from "./shared-links.js";

export type { PortLike, SharedPort };

/**
 * The address of whoever is at the other end of a worker or port, by memory shared with it, for `connect` and for `serve`: both sides have to
 * say so, and a server that does also serves those who do not. In browsers it takes a page that is isolated from other origins.
 */
export function sharedMemory(port: PortLike): SharedPort {
  return sharedPort(port, sharedLinks);
}
