/** The links of child processes with both ends in this one: each direction is a process of its own that passes on what it reads. */
import { spawn } from "node:child_process";
import { PairedStream } from "../../runtime/transport/links/paired-stream.js";
import { StreamLink } from "../../runtime/transport/links/stream-link.js";
import type { Link, ListenOptions, Transport } from "../../runtime/transport/transport.js";

const listeners = new Map<string, ListenOptions>();

export function pipePairs(): Transport {
  return {
    scheme: "stdio",
    async dial(address, { signal, maxFrameBytes }) {
      nameOf(address);
      const givenUp = (): Error => new Error(`${address}: given up`, { cause: signal.reason });
      if (signal.aborted) throw givenUp();
      const listener = listeners.get(address);
      if (listener === undefined) throw new Error(`${address}: nobody listens there`);
      const [up, down] = [passOn(), passOn()];
      await Promise.all([up, down].map((process) => new Promise((spawned) => process.once("spawn", spawned))));
      const client = over(address, { readable: down.stdout, writable: up.stdin }, maxFrameBytes);
      if (signal.aborted) {
        client.abort();
        throw givenUp();
      }
      listener.accept(over(address, { readable: up.stdout, writable: down.stdin }, listener.maxFrameBytes));
      return client;
    },
    async listen(address, options) {
      nameOf(address);
      if (listeners.has(address)) throw new Error(`${address}: the name is in use`);
      listeners.set(address, options);
      return {
        address,
        close: async () => {
          if (listeners.get(address) === options) listeners.delete(address);
        },
      };
    },
  };
}

function nameOf(address: string): void {
  if (!/^stdio:\w/.test(address)) throw new Error(`${JSON.stringify(address)} names no pipes`);
}

function passOn() {
  return spawn("cat", [], { stdio: ["pipe", "pipe", "ignore"] });
}

function over(address: string, pair: ConstructorParameters<typeof PairedStream>[0], maxFrameBytes: number): Link {
  const stream = new PairedStream(pair);
  return new StreamLink(stream, { peer: { transport: "stdio", address }, maxFrameBytes, destroy: () => void stream.destroy() });
}
