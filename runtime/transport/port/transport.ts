/** Between threads, over a port: `connect(worker)`, `serve({ listen: parentPort })`. */
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";
import { isPort, type PortLike } from "./message-port.js";

/** What ports are called in errors and logs of this thread. */
const numbers = new WeakMap<object, number>();
let last = 0;

export function messagePort(): Transport {
  const ports = new Map<string, PortLike>();
  const find = (address: string): PortLike => {
    const port = ports.get(address);
    if (port !== undefined) return port;
    throw new Error(`"${address}": a port has no address in writing; give the worker or the port itself, as in connect(worker)`);
  };
  return {
    scheme: "port",
    nameOf(object) {
      if (!isPort(object)) return undefined;
      const number = numbers.get(object) ?? (last += 1);
      numbers.set(object, number);
      ports.set(`port:${number}`, object);
      return `port:${number}`;
    },
    dial: async (address, options) => dial(address, find(address), options),
    listen: async (address, options) => listen(address, find(address), options),
  };
}
