/** Listens for others of the same process. */
import type { Listening, ListenOptions } from "../transport.js";
import { parseAddress } from "./address.js";
import { InProcessLink } from "./link.js";
import { type Acceptor, listeners } from "./registry.js";

export async function listen(address: string, { accept, maxFrameBytes }: ListenOptions): Promise<Listening> {
  const name = parseAddress(address);
  if (listeners().has(name))
    throw new Error(`${address}: in use by a server of this process; close it or choose another name`);
  const acceptor: Acceptor = (dialer) => {
    const link = new InProcessLink({ transport: "inproc", address }, maxFrameBytes);
    link.join(dialer);
    accept(link);
    return link;
  };
  listeners().set(name, acceptor);
  return {
    address,
    close: async () => {
      if (listeners().get(name) === acceptor) listeners().delete(name);
    },
  };
}
