/** Listens at this end of a port. */
import type { Listening, ListenOptions } from "../transport.js";
import { PortLink } from "./link.js";
import type { PortLike } from "./message-port.js";
import { Answer, listenAt } from "./rendezvous.js";

export async function listen(
  address: string,
  port: PortLike,
  { accept, maxFrameBytes }: ListenOptions,
): Promise<Listening> {
  const close = listenAt(port, (own) => {
    own.postMessage(Answer.ACCEPTED);
    accept(new PortLink(own, { transport: "port", address }, maxFrameBytes));
  });
  if (close === undefined)
    throw new Error(`${address}: in use by a server of this thread; close it, or give each a port of its own`);
  return { address, close: async () => close() };
}
