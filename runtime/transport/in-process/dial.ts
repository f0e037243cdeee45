/** Connects to a listener of the same process. */
import type { DialOptions, Link } from "../transport.js";
import { parseAddress } from "./address.js";
import { InProcessLink } from "./link.js";
import { listeners } from "./registry.js";

export async function dial(address: string, { signal, maxFrameBytes }: DialOptions): Promise<Link> {
  const name = parseAddress(address);
  // The listener's code runs in a turn of its own, as it would behind a socket.
  await undefined;
  if (signal.aborted) throw new Error(`${address}: the attempt to connect was given up`, { cause: signal.reason });
  const accept = listeners().get(name);
  if (accept === undefined) {
    throw new Error(
      `${address}: nobody listens there in this thread; start the server first, or reach another process by unix: or tcp:`,
    );
  }
  const link = new InProcessLink({ transport: "inproc", address }, maxFrameBytes);
  link.join(accept(link));
  return link;
}
