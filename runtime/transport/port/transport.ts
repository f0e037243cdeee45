/** Between threads, over a port: `connect(worker)`, `serve({ listen: parentPort })`; or over memory that they share: `sharedMemory(worker)`. */
import type { Transport } from "../transport.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";
import { portAddressOf, type PortAddress } from "./port-address.js";

/** What ports are called in errors and logs of this thread. */
const numbers = new WeakMap<object, number>();
let last = 0;

export function messagePort(): Transport {
  const addresses = new Map<string, PortAddress>();
  const find = (name: string): PortAddress => {
    const address = addresses.get(name);
    if (address !== undefined) return address;
    throw new Error(`"${name}": a port has no address in writing; give the worker or the port itself, as in connect(worker)`);
  };
  return {
    scheme: "port",
    nameOf(object) {
      const address = portAddressOf(object);
      if (address === undefined) return undefined;
      const number = numbers.get(address.port) ?? (last += 1);
      numbers.set(address.port, number);
      const name = address.links === undefined ? `port:${number}` : `port:${number}, shared memory`;
      addresses.set(name, address);
      return name;
    },
    dial: async (address, options) => dial(address, find(address), options),
    listen: async (address, options) => listen(address, find(address), options),
  };
}
