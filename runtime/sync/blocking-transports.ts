/** The transports of threads that wait, on Node. */
import { receiveMessageOnPort, type MessagePort as NodePort } from "node:worker_threads";
import type { BlockingTransport } from "../transport/blocking.js";
import { BytePortLink } from "../transport/links/byte-port-link.js";
import type { TlsClientOptions } from "../transport/node-transports.js";
import { PipeAddress } from "../transport/pipe/pipe-address.js";
import { WaitingPipePort } from "../transport/pipe/waiting-port.js";
import type { OwnPort } from "../transport/port/message-port.js";
import { waitingPort } from "../transport/port/waiting-transport.js";
import { WaitingShmPort } from "../transport/shm/waiting-port.js";
import { relayed } from "./relay.js";

const receive = (port: OwnPort): unknown => receiveMessageOnPort(port as unknown as NodePort)?.message;

export function blockingTransports(tls: TlsClientOptions | undefined): readonly BlockingTransport[] {
  const far = (scheme: string, secureScheme?: string): BlockingTransport => relayed(scheme, secureScheme, tls, receive);
  return [waitingPort(receive), shm(), pipes(), inProcess(), far("unix"), far("tcp"), far("tls"), far("ws", "wss"), far("h2", "h2s"), far("http", "https"), far("stdio")];
}

function shm(): BlockingTransport {
  return { scheme: "shm", dial: (address, { maxFrameBytes }) => new BytePortLink(new WaitingShmPort(address), maxFrameBytes) };
}

function pipes(): BlockingTransport {
  const addresses = new Map<string, PipeAddress>();
  return {
    scheme: "pipe",
    nameOf(object) {
      if (!(object instanceof PipeAddress)) return undefined;
      const name = `pipe:${object.read},${object.write}`;
      addresses.set(name, object);
      return name;
    },
    dial(address, { maxFrameBytes }) {
      const pair = addresses.get(address);
      if (pair === undefined) throw new Error(`"${address}": a pair of files has no address in writing; give pipe({ read, write })`);
      return new BytePortLink(new WaitingPipePort(address, pair), maxFrameBytes);
    },
  };
}

function inProcess(): BlockingTransport {
  return {
    scheme: "inproc",
    dial(address) {
      throw new Error(`${address}: a thread that waits for a server of its own waits for ever; serve in another thread, and connect to that`);
    },
  };
}
