/**
 * In a thread of its own: leads a thread that waits to servers anywhere. It dials, which takes an event loop, and passes frames on, whose
 * meaning is the affair of the two ends. All that calls promise is kept by the thread that makes them.
 */
import { parentPort } from "node:worker_threads";
import { http } from "../http/transport.js";
import { nodeTransports, stdio, type StdioOptions, type TlsClientOptions } from "../transport/node-transports.js";
import { transportFor } from "../transport/address.js";
import type { OwnPort, PortLike } from "../transport/port/message-port.js";
import { listenAt, refuse } from "../transport/port/rendezvous.js";
import { linkToWaiter } from "../transport/port/shared-links.js";
import { Fate, tellFate, waiterIn } from "../transport/port/waiter.js";
import type { RelayFailure } from "../transport/port/waiting-port.js";
import type { Link } from "../transport/transport.js";
import { TrustError, type TrustFault } from "../transport/trust.js";
import { joinLinks } from "./join-links.js";

/** Where a link is to lead to. */
export interface RelayTarget {
  readonly address: string;
  /** The address itself, where writing does not say enough. */
  readonly command: StdioOptions | undefined;
  readonly tls: TlsClientOptions | undefined;
  readonly maxFrameBytes: number;
}

if (parentPort !== null) {
  listenAt(parentPort as unknown as PortLike, (own, asked) => {
    const waiter = waiterIn(asked.waiter);
    if (waiter === undefined) return refuse(own, asked);
    const target = asked.to as RelayTarget;
    const peer = { transport: "relay", address: target.address };
    const told = (error: Error): void => own.postMessage({ failure: error.message, fault: faultOf(error) } satisfies RelayFailure);
    dial(target, own).then(
      (far) => joinLinks(linkToWaiter(own, waiter, peer, target.maxFrameBytes), far, told),
      (error: Error) => {
        told(error);
        own.close();
        tellFate(waiter, Fate.GONE);
      },
    );
  });
}

/** The thread that waits gives up by ending its port. */
async function dial({ address, command, tls, maxFrameBytes }: RelayTarget, own: OwnPort): Promise<Link> {
  const givenUp = new AbortController();
  const abort = (): void => givenUp.abort(new Error("the connection is not wanted any more"));
  own.addEventListener("close", abort);
  own.start();
  try {
    const transport = transportFor(address, [...nodeTransports({ tls: { client: tls } }), http({ client: tls })]);
    const name = command === undefined ? address : (transport.nameOf?.(stdio(command)) ?? address);
    return await transport.dial(name, { signal: givenUp.signal, maxFrameBytes });
  } finally {
    own.removeEventListener("close", abort);
  }
}

function faultOf(error: Error): TrustFault | undefined {
  return error instanceof TrustError ? error.fault : undefined;
}
