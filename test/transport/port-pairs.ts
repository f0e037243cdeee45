/** A transport whose addresses are channels of messages, so that the suites find both ends of one by its name. */
import { afterAll } from "vitest";
import { sharedMemory, type PortLike } from "../../runtime/transport/port/index.js";
import { messagePort } from "../../runtime/transport/port/transport.js";
import type { Transport } from "../../runtime/transport/transport.js";

const channels = new Map<string, InstanceType<typeof MessageChannel>>();
afterAll(() => {
  for (const { port1 } of channels.values()) port1.close();
});

/** The end of those who dial. */
export function diallingPort(address: string): PortLike {
  const { port1 } = channels.get(address)!;
  return port1 as unknown as PortLike;
}

/** Who dials an address is at the one end of a channel, who listens at the other. Those of `port:shared-1` share memory. */
export function portPairs(): Transport {
  const ends = (address: string): { dialling: [Transport, string]; listening: [Transport, string] } => {
    const shared = address.startsWith("port:shared-");
    if (!/^port:(shared-)?\d+$/.test(address)) throw new Error(`${JSON.stringify(address)} is no port`);
    const channel = channels.get(address) ?? new MessageChannel();
    channels.set(address, channel);
    const { port1, port2 } = channel;
    const end = (port: object): [Transport, string] => {
      const transport = messagePort();
      return [transport, transport.nameOf?.(shared ? sharedMemory(port as PortLike) : port) ?? ""];
    };
    return { dialling: end(port1), listening: end(port2) };
  };
  return {
    scheme: "port",
    async dial(address, options) {
      const [transport, name] = ends(address).dialling;
      return named(() => transport.dial(name, options), address, name);
    },
    async listen(address, options) {
      const [transport, name] = ends(address).listening;
      const { close } = await named(async () => transport.listen!(name, options), address, name);
      return { address, close };
    },
  };
}

/** Errors name the address of the pair. */
async function named<T>(run: () => Promise<T>, address: string, name: string): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(message.replace(name, address), { cause });
  }
}
