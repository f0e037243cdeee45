/** Listens at this end of a port. Where memory is to be shared, who does not ask for it is served all the same. */
import type { Listening, ListenOptions } from "../transport.js";
import { PortLink } from "./link.js";
import type { PortAddress } from "./port-address.js";
import { Answer, listenAt } from "./rendezvous.js";

export async function listen(
  address: string,
  { port, links }: PortAddress,
  { accept, maxFrameBytes }: ListenOptions,
): Promise<Listening> {
  const obstacle = links?.obstacle();
  if (obstacle !== undefined) throw new Error(`${address}: ${obstacle}`);
  const peer = { transport: "port", address };
  const close = listenAt(port, (own, shared) => {
    if (shared && links !== undefined) return links.offer(own, peer, maxFrameBytes, accept);
    own.postMessage(Answer.ACCEPTED);
    accept(new PortLink(own, peer, maxFrameBytes));
  });
  if (close === undefined)
    throw new Error(`${address}: in use by a server of this thread; close it, or give each a port of its own`);
  return { address, close: async () => close() };
}
