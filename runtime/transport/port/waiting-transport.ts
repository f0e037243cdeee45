/** For threads that wait: to a server in another thread, over memory shared with it. */
import type { BlockingTransport } from "../blocking.js";
import { BytePortLink } from "../links/byte-port-link.js";
import type { PortLike } from "./message-port.js";
import { portAddressOf } from "./port-address.js";
import { WaitingPort, type ReceiveMessage } from "./waiting-port.js";

const numbers = new WeakMap<object, number>();
let last = 0;

/** @param receive where the platform has it. */
export function waitingPort(receive?: ReceiveMessage): BlockingTransport {
  const ports = new Map<string, PortLike>();
  return {
    scheme: "port",
    nameOf(object) {
      const port = portAddressOf(object)?.port;
      if (port === undefined) return undefined;
      const number = numbers.get(port) ?? (last += 1);
      numbers.set(port, number);
      ports.set(`port:${number}`, port);
      return `port:${number}`;
    },
    dial(address, { maxFrameBytes }) {
      const port = ports.get(address);
      if (port === undefined) throw new Error(`"${address}": a port has no address in writing; give the worker or the port itself`);
      return new BytePortLink(new WaitingPort({ address, port, receive }), maxFrameBytes);
    },
  };
}
