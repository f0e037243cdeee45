/** Connects to whoever listens at the other end of a port. */
import type { DialOptions, Link } from "../transport.js";
import { PortLink } from "./link.js";
import { openChannel } from "./message-port.js";
import type { PortAddress } from "./port-address.js";
import { Answer, ask } from "./rendezvous.js";

const UNSHARED = "the server there shares no memory; let it listen on sharedMemory(port), or connect to its port itself";

/** Waits, until the signal ends it, for a thread that is still starting. */
export function dial(address: string, { port, links }: PortAddress, { signal, maxFrameBytes }: DialOptions): Promise<Link> {
  return new Promise((resolve, reject) => {
    const { own, theirs } = openChannel();
    const peer = { transport: "port", address };
    const settle = (): void => {
      signal.removeEventListener("abort", abandon);
      own.removeEventListener("message", answered);
      own.removeEventListener("messageerror", unreadable);
      own.removeEventListener("close", gone);
    };
    const fail = (sentence: string, cause?: unknown): void => {
      settle();
      own.close();
      reject(new Error(`${address}: ${sentence}`, { cause }));
    };
    const abandon = (): void => fail("the attempt to connect was given up", signal.reason);
    const gone = (): void => fail("the other end is gone; its thread may have ended");
    const unreadable = (): void => fail("memory cannot be shared with that thread; connect to its port itself");
    const answered = ({ data }: { readonly data?: unknown }): void => {
      const open = links === undefined ? accepted(data) : links.take(data, own, peer, maxFrameBytes);
      if (open === undefined) return fail(data === Answer.ACCEPTED ? UNSHARED : "nobody listens there any more; the server has closed");
      settle();
      // After this event, which the link would hear too.
      queueMicrotask(() => resolve(open()));
    };
    const accepted = (data: unknown): (() => Link) | undefined =>
      data === Answer.ACCEPTED ? () => new PortLink(own, peer, maxFrameBytes) : undefined;
    if (signal.aborted) return abandon();
    const obstacle = links?.obstacle();
    if (obstacle !== undefined) return fail(obstacle);
    signal.addEventListener("abort", abandon, { once: true });
    own.addEventListener("message", answered);
    own.addEventListener("messageerror", unreadable);
    own.addEventListener("close", gone);
    own.start();
    try {
      ask(port, theirs, { shared: links !== undefined });
    } catch (error) {
      fail("the port takes no message; was it transferred to another thread?", error);
    }
  });
}
