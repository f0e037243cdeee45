/**
 * A call that came as a request of HTTP, on its way to the server behind the same door: as frames, by a connection of its
 * own within the process. So nothing is let in here that is not let in elsewhere.
 */
import { openChannel, type Channel } from "../rpc/channel.js";
import { RpcError } from "../rpc/errors.js";
import { maxFrameBytes, type ServerLimits } from "../rpc/limits.js";
import { InProcessLink } from "../transport/in-process/link.js";
import type { Link, Peer } from "../transport/transport.js";

/** @throws RpcError if the server takes no connections, or no more. */
export async function openToServer(accept: (link: Link) => void, peer: Peer, limits: ServerLimits): Promise<Channel> {
  const dial = async (): Promise<Link> => {
    const [ours, theirs] = [new InProcessLink(peer, maxFrameBytes(limits)), new InProcessLink(peer, maxFrameBytes(limits))];
    ours.join(theirs);
    theirs.join(ours);
    accept(theirs);
    return ours;
  };
  try {
    return await openChannel("request:", [{ scheme: "request", dial }], { limits });
  } catch (error) {
    // The server's own words, instead of what they mean for who looks for one that can be reached.
    throw error instanceof RpcError && error.cause instanceof RpcError ? error.cause : error;
  }
}
