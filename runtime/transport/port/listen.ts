/** Listens at this end of a port. Where memory is to be shared, who does not ask for it is served all the same. */
import type { Listening, ListenOptions } from "../transport.js";
import { PortLink } from "./link.js";
import type { PortAddress } from "./port-address.js";
import { Answer, listenAt } from "./rendezvous.js";
import { Fate, tellFate, waiterIn } from "./waiter.js";

export async function listen(
  address: string,
  { port, links }: PortAddress,
  { accept, maxFrameBytes }: ListenOptions,
): Promise<Listening> {
  const obstacle = links?.obstacle();
  if (obstacle !== undefined) throw new Error(`${address}: ${obstacle}`);
  const peer = { transport: "port", address };
  const close = listenAt(port, (own, asked) => {
    if (asked.shared === true && links !== undefined) return links.share(own, asked, peer, maxFrameBytes, accept);
    const waiter = waiterIn(asked.waiter);
    if (waiter !== undefined) return tellFate(waiter, Fate.UNSHARED);
    own.postMessage(Answer.ACCEPTED);
    accept(new PortLink(own, peer, maxFrameBytes));
  });
  if (close === undefined)
    throw new Error(`${address}: in use by a server of this thread; close it, or give each a port of its own`);
  return { address, close: async () => close() };
}
